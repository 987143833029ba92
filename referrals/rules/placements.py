from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from fps.model import SettingKind
from kernel.errors import InvalidInputError
from referrals.model import YEAR_GROUPS
from referrals.model.placement_reviews import Review, ReviewKind, ReviewTerms
from referrals.model.placements import Basis, Fees, PlacementCard, PlacementKind
from referrals.rules.identifying import identifying_text

LONGEST_TEXT = 3000
LONGEST_CODE = 20
MOST_POUNDS = 2_000_000
MOST_HOURS = 168
MOST_WEEKS = 52
_QUARTER = 15
_SATURDAY, _FEBRUARY = 5, 2
_CODE = re.compile(r"(?=[^\d]*\d)(?!.*\d{7})[A-Za-z0-9][A-Za-z0-9/-]{1,19}")

_LAST_OF_PHASES = ("Nursery", "Year 6", "Year 11", "Year 14")
"""The year after which a learner's phase ends: early years, primary, secondary, further education."""
_AUGUST = (8, 31)
_ALTERNATIVE = frozenset(
    {
        SettingKind.REGISTERED_AP,
        SettingKind.AP_UNREGISTERED,
        SettingKind.ONLINE,
        SettingKind.INDEPENDENT_LEARNING_PROVIDER,
    }
)


def school_year_end(on: date) -> date:
    """Return the 31 August with which the school year of a day ends."""
    month, day = _AUGUST
    this = date(on.year, month, day)
    return this if on <= this else date(on.year + 1, month, day)


def phase_end(year_group: str, on: date) -> date:
    """Return the last day of the phase of a learner in a year group on a day: then the agreement ends (R28).

    After Year 14 there is no phase: the school year ends it.
    """
    ends, number = school_year_end(on), YEAR_GROUPS.index(year_group)
    for last in _LAST_OF_PHASES:
        years = YEAR_GROUPS.index(last) - number
        if years >= 0:
            return date(ends.year + years, ends.month, ends.day)
    return ends


def kind_of(setting: SettingKind | None) -> PlacementKind:
    """Return what kind of placement a setting's kind makes."""
    return PlacementKind.ALTERNATIVE if setting in _ALTERNATIVE else PlacementKind.SCHOOL


def first_reviews(kind: PlacementKind, starts_on: date, ends_on: date, terms: ReviewTerms) -> dict[ReviewKind, date]:
    """Return the reviews to plan when an agreement is signed, each with its day, none after the last day.

    A school's place has a first and an annual review; a package a first and a termly one; alternative provision a
    review of outcomes, each half term, on the way back to school.
    """
    planned = {
        PlacementKind.SCHOOL: {
            ReviewKind.FIRST: starts_on + timedelta(weeks=terms.first_review_w),
            ReviewKind.ANNUAL: _year_after(starts_on),
        },
        PlacementKind.ALTERNATIVE: {ReviewKind.OUTCOMES: starts_on + timedelta(weeks=terms.ap_review_w)},
        PlacementKind.PACKAGE: {
            ReviewKind.FIRST: starts_on + timedelta(weeks=terms.first_review_w),
            ReviewKind.TERMLY: starts_on + timedelta(weeks=terms.termly_review_w),
        },
    }[kind]
    moved = {review: no_weekend(day) for review, day in planned.items()}
    return {review: day for review, day in moved.items() if day <= ends_on}


def reviews_to_plan(card: PlacementCard, terms: ReviewTerms, today: date) -> dict[ReviewKind, date]:
    """Return the reviews to plan when an agreement is signed, or signed again after a change.

    Each kind goes on after the last one that was held. One whose day has passed is due today: none is skipped.
    """
    if card.starts_on is None or card.ends_on is None:
        return {}
    planned = {}
    for kind, first_on in first_reviews(card.kind, card.starts_on, card.ends_on, terms).items():
        last = _last_held(card, kind)
        day = following_review(last, card.ends_on, terms, today) if last else no_weekend(max(first_on, today))
        if day is not None and day <= card.ends_on:
            planned[kind] = day
    return planned


def following_review(held: Review, ends_on: date, terms: ReviewTerms, today: date) -> date | None:
    """Return the day of the review that follows a held one, today where it was due before; None where none follows."""
    if held.held_on is None or (held.outcome and held.outcome.is_last):
        return None
    day = next_review(held.kind, held.held_on, ends_on, terms)
    if day is None:
        return None
    coming = no_weekend(max(day, today))
    return coming if coming <= ends_on else None


def _last_held(card: PlacementCard, kind: ReviewKind) -> Review | None:
    held = [
        (review.held_on, review)
        for review in card.reviews
        if review.kind is kind and review.held_on and card.starts_on and review.held_on >= card.starts_on
    ]
    return max(held, key=lambda each: each[0])[1] if held else None


def next_review(kind: ReviewKind, held_on: date, ends_on: date, terms: ReviewTerms) -> date | None:
    """Return the day of the review that follows one of its kind; None after a first one, and after the last day."""
    day = {
        ReviewKind.FIRST: None,
        ReviewKind.ANNUAL: _year_after(held_on),
        ReviewKind.TERMLY: held_on + timedelta(weeks=terms.termly_review_w),
        ReviewKind.OUTCOMES: held_on + timedelta(weeks=terms.ap_review_w),
    }[kind]
    moved = no_weekend(day) if day else None
    return moved if moved and moved <= ends_on else None


def no_weekend(day: date) -> date:
    """Return the day itself, or the Monday after a Saturday or Sunday.

    Bank holidays of the years of a placement are not all published yet; who plans moves the day.
    """
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= _SATURDAY else 0)


def _year_after(day: date) -> date:
    return date(day.year + 1, day.month, min(day.day, 28) if day.month == _FEBRUARY else day.day)


@dataclass(frozen=True)
class AgreementTerms:
    """What a commissioner writes of an agreement (R28); None and empty where it is not known yet."""

    kind: PlacementKind
    learner_code: str
    basis: Basis | None
    outcomes: str
    starts_on: date | None
    ends_on: date | None


def check_agreement(terms: AgreementTerms, phase_ends_on: date | None, *, is_confirmed: bool) -> None:
    """Check what is written of an agreement; raises InvalidInputError.

    The code must not be a name: it has a digit and no space. The place ends with the learner's phase by itself (R28).
    """
    if terms.learner_code and not _CODE.fullmatch(terms.learner_code):
        raise InvalidInputError(
            "learner_code",
            "Enter the code that your own system gives the learner: letters, digits and dashes, with at least one "
            "digit. Never a name, a date of birth or a unique pupil number.",
        )
    if terms.starts_on and terms.ends_on and terms.ends_on < terms.starts_on:
        raise InvalidInputError("ends_on", "The last day must not be before the first.")
    if phase_ends_on and terms.ends_on and terms.ends_on > phase_ends_on:
        raise InvalidInputError(
            "ends_on",
            "The learner's phase of education ends on {day}, and the place with it. Choose that day or an earlier one.",
            day=f"{phase_ends_on.day} {phase_ends_on:%B %Y}",
        )
    check_words("outcomes", terms.outcomes, is_confirmed=is_confirmed)


def check_words(field: str, words: str, *, is_confirmed: bool) -> None:
    """Check a text for what may identify the learner (R31): a person says that it does not, or takes it out."""
    if len(words) > LONGEST_TEXT:
        raise InvalidInputError(field, "Use at most {count} characters.", count=LONGEST_TEXT)
    found = identifying_text({field: words})
    if found and not is_confirmed:
        raise InvalidInputError(
            field,
            "“{text}” looks like {mark}. Take it out, or confirm that nothing here tells who the learner is.",
            text=found[0].text,
            mark=found[0].mark.value,
        )


def check_fees(fees: Fees) -> None:
    """Check the parts of a fee; raises InvalidInputError naming the part."""
    for name in ("education", "care", "therapy", "transport"):
        amount = getattr(fees, name)
        if amount is not None and not 0 <= amount <= MOST_POUNDS:
            raise InvalidInputError(name, "Enter whole pounds from 0 to {most}.", most=f"{MOST_POUNDS:,}")


def minutes_of(hours: Decimal | None) -> int | None:
    """Return hours a week in minutes; raises InvalidInputError for more than a week has, or for parts of a quarter."""
    if hours is None:
        return None
    minutes = hours * 60
    if not 0 < minutes <= MOST_HOURS * 60 or minutes % _QUARTER:
        raise InvalidInputError(
            "hours", "Enter the hours a week from a quarter to {most}, in quarters, for example 12.5.", most=MOST_HOURS
        )
    return int(minutes)


def missing_for_signing(card: PlacementCard) -> list[str]:
    """Return what an agreement lacks before all can sign it (R28)."""
    lacks = {
        "the learner's code": not card.learner_code,
        "what the placement rests on": card.basis is None,
        "the outcomes": not card.outcomes.strip(),
        "the admission date": card.starts_on is None,
        "the last day": card.ends_on is None,
    }
    found = [words for words, is_missing in lacks.items() if is_missing]
    for part in card.parts:
        if part.minutes_a_week is None or part.weeks_a_year is None:
            found.append(f"hours and weeks of {part.supplier}")
        if not part.fees.total:
            found.append(f"the fees of {part.supplier}")
    return found
