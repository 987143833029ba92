from __future__ import annotations

from datetime import date

from fps.model import DOCUMENT_WORDS, DocumentKind
from fps.model.evidence import DOCUMENT_STATE_WORDS, WAITING, DocumentCard, DocumentState
from fps.waiting import SOON_D

_COLOURS = {
    DocumentState.UNSCANNED: "grey",
    DocumentState.OFFERED: "blue",
    DocumentState.REFUSED: "red",
    DocumentState.WITHDRAWN: "grey",
}


def kind_words(kind: DocumentKind) -> str:
    """Return what a kind of document is called at the beginning of a line."""
    words = DOCUMENT_WORDS[kind]
    return words[0].upper() + words[1:]


def document_tag(card: DocumentCard, today: date) -> tuple[str, str]:
    """Return where a document stands, in words and as the colour of its tag."""
    if card.state is not DocumentState.ACCEPTED:
        return DOCUMENT_STATE_WORDS[card.state], _COLOURS[card.state]
    if not card.is_current:
        return "Replaced", "grey"
    return ending_tag(card.valid_until, today) or ("In date", "green")


def ending_tag(until: date | None, today: date) -> tuple[str, str] | None:
    """Return the tag of what has run out or soon will; None for what holds for long."""
    if until is None or (until - today).days > SOON_D:
        return None
    return ("Run out", "red") if until < today else ("Runs out soon", "yellow")


def newest_of_each(cards: list[DocumentCard]) -> dict[DocumentKind, tuple[DocumentCard | None, DocumentCard | None]]:
    """Return for each kind the document that counts, and the newest one that waits or was refused after it."""
    found: dict[DocumentKind, tuple[DocumentCard | None, DocumentCard | None]] = {}
    for card in reversed(cards):
        counts, offered = found.get(card.kind, (None, None))
        if card.is_current:
            counts, offered = card, None if offered and offered.state not in WAITING else offered
        elif card.state in (*WAITING, DocumentState.REFUSED):
            offered = card
        elif card.state is DocumentState.WITHDRAWN and offered and offered.state in WAITING:
            offered = None
        found[card.kind] = counts, offered
    return found
