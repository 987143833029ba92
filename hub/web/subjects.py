from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from channels.actions.pass_to_person import QUESTIONS
from channels.model import Subject
from channels.queries import MessageCard, queue_item
from hub.web.areas import organisations_of_area
from hub.web.site import Reader, site
from kernel.errors import NotFoundError
from people.model import Actor
from people.permissions import Permission, may

QUESTION = "question"


def may_read_about(session: Session, actor: Actor, about: Subject | None, now: datetime) -> bool:
    """Tell whether a person may read of the messages about a thing: whoever may read the thing itself.

    Operators read of all messages, and they alone of those about nothing.
    """
    if may(actor, Permission.OPERATIONS):
        return True
    if about is None:
        return False
    reader = _question if about.kind == QUESTION else site().readers.get(about.kind)
    try:
        return reader is not None and bool(reader(session, actor, about.id, now))
    except NotFoundError:
        return False


def _question(session: Session, actor: Actor, item_id: str, _now: datetime) -> bool:
    if not may(actor, Permission.QUESTIONS_ANSWER):
        return False
    item = queue_item(session, item_id, organisations_of_area(session, actor, Permission.QUESTIONS_ANSWER))
    return item.queue == QUESTIONS


def readable(session: Session, actor: Actor, cards: list[MessageCard], now: datetime) -> list[MessageCard]:
    """Return those of the messages of which a person may read; their own are among them."""
    gates = site().gates
    known: dict[tuple[Subject | None, Reader | None], bool] = {}
    for card in cards:
        about, gate = card.about, gates.get(card.key)
        if (about, gate) not in known:
            is_past = gate is None or about is None or bool(gate(session, actor, about.id, now))
            known[about, gate] = is_past and may_read_about(session, actor, about, now)
    return [card for card in cards if known[card.about, gates.get(card.key)] or card.person_id == actor.id]
