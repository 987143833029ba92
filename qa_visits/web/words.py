from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from kernel.audit import SYSTEM
from people.queries import persons
from qa_visits.model import ActionCard, ActionState, Rag, TimelineEntry, VisitState

STATE_TAGS: Mapping[VisitState, str] = MappingProxyType(
    {
        VisitState.PROPOSED: "yellow",
        VisitState.ACCEPTED: "blue",
        VisitState.OTHER_DAY_OFFERED: "yellow",
        VisitState.BOOKED: "blue",
        VisitState.DONE: "green",
        VisitState.CANCELLED: "grey",
    }
)
_RAG_COLOURS: Mapping[Rag, str] = MappingProxyType(
    {Rag.RED: "red", Rag.AMBER: "orange", Rag.GREEN: "green", Rag.BLUE: "blue"}
)
_NOBODY = "somebody who has left"


@dataclass(frozen=True)
class Happened:
    """One line of a timeline as the page shows it."""

    title: str
    at: datetime
    by: str
    text: str


def rag_tag(card: ActionCard) -> tuple[str, str]:
    """Return the colour of an action in words, never by colour alone, and the tag's colour."""
    return f"{card.rag.value.capitalize()}: {_why(card)}", _RAG_COLOURS[card.rag]


def _why(card: ActionCard) -> str:
    if card.state is ActionState.EVIDENCE_IN:
        return "evidence to check"
    if card.rag is Rag.RED and card.state is not ActionState.OVERDUE:
        return "more evidence needed"
    words = {Rag.RED: "overdue", Rag.AMBER: "due soon", Rag.GREEN: "on track", Rag.BLUE: "verified"}
    return words[card.rag]


def names_of(session: Session, person_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of people by id; the hub itself among them."""
    known = {person_id: card.name for person_id, card in persons(session, set(person_ids) - {SYSTEM}).items()}
    return {SYSTEM: "the hub", **known}


def happened(session: Session, entries: list[TimelineEntry]) -> list[Happened]:
    """Return a timeline with the names of those who acted."""
    names = names_of(session, {entry.actor_id for entry in entries})
    return [Happened(each.what, each.at, names.get(each.actor_id, _NOBODY), each.note) for each in entries]
