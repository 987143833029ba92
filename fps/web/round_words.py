from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import current_app

from fps.model import DOCUMENT_WORDS, SettingKind
from fps.model.frameworks import KIND_WORDS
from fps.model.rounds import RoundCard, RoundState

STATES: Mapping[RoundState, tuple[str, str]] = {
    RoundState.DRAFT: ("Draft", "grey"),
    RoundState.PUBLISHED: ("Opens soon", "light-blue"),
    RoundState.OPEN: ("Open", "green"),
    RoundState.CLOSED: ("Closed", "yellow"),
    RoundState.EVALUATING: ("Being evaluated", "purple"),
    RoundState.DECIDED: ("Decided", "blue"),
    RoundState.LISTED: ("List is out", "blue"),
    RoundState.CANCELLED: ("Cancelled", "red"),
}
"""Each state in words, with the colour of its tag."""
_APPLY = "fps.own_applications.start"


def tag_of(card: RoundCard, now: datetime) -> tuple[str, str]:
    """Return the words and the colour of where a round stands."""
    return STATES[card.state_at(now)]


def kind_words(kinds: Iterable[SettingKind]) -> str:
    """Return kinds of settings in words, one after the other."""
    return ", ".join(KIND_WORDS[kind] for kind in kinds)


LOT_WORDS: Mapping[str, object] = {"kind_words": kind_words, "document_words": DOCUMENT_WORDS}
"""What a page needs to show what lots ask for."""


def apply_endpoint() -> str | None:
    """Return the endpoint at which a provider starts an application, where this hub has one."""
    return _APPLY if _APPLY in current_app.view_functions else None
