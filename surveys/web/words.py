from __future__ import annotations

from collections.abc import Iterable

from babel import Locale

from surveys.model import LeftOut, SurveyStatus
from surveys.rules.suppression import LEAST_SHOWN

STATUS_TAGS = {
    SurveyStatus.DRAFT: ("Draft", "grey"),
    SurveyStatus.OPEN: ("Open", "green"),
    SurveyStatus.CLOSED: ("Closed", "blue"),
}
LEFT_OUT_WORDS = {
    LeftOut.ASKED_LATELY: "Asked in another survey in the last 30 days",
    LeftOut.NO_CONTACT_POINT: "No phone number or address that works",
    LeftOut.OPTED_OUT: "Said STOP",
    LeftOut.NO_CONSENT: "We may not write to them unasked",
}


def language_name(code: str) -> str:
    """Return the English name of a language."""
    return Locale.parse(code).get_display_name("en") or code


def language_names(codes: Iterable[str]) -> dict[str, str]:
    """Return the English names of languages by code."""
    return {code: language_name(code) for code in codes}


def how_many(count: int) -> str:
    """Return a count of people who have answered, not told exactly under five (V10)."""
    return str(count) if count >= LEAST_SHOWN or count == 0 else f"Fewer than {LEAST_SHOWN}"
