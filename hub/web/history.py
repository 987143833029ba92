from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from channels.model import Status, Subject
from channels.queries import MessageCard, message, message_history, messages_about, messages_in
from channels.words import CHANNELS, STATUS_TAGS
from hub.web.history_words import REASONS, WHAT, what_next
from hub.web.site import site
from hub.web.subjects import may_read_about, readable
from kernel.errors import InvalidInputError, NotFoundError
from kernel.web import ground
from people.model import OrganisationCard, PersonCard, Role
from people.permissions import Permission
from people.queries import organisations, persons
from people.web.guard import current_actor, requires

pages = Blueprint("history", __name__)

_LATEST = 100
_LOOKED_AT = 500
_PLACEHOLDER = re.compile(r"\{\w+\}")
_ROLES: dict[Role, str] = {
    Role.FAMILY: "Parent or carer",
    Role.YOUNG_PERSON: "Young person",
    Role.PROVIDER_USER: "Provider",
    Role.QA_OFFICER: "QA officer",
    Role.COMMISSIONER: "Commissioner",
    Role.LEAD_AUTHORITY: "Lead authority",
    Role.FORUM_COORDINATOR: "Forum coordinator",
    Role.SAFEGUARDING_DUTY: "Safeguarding duty officer",
    Role.AUDITOR: "Auditor",
    Role.ADMINISTRATOR: "Administrator",
}


@dataclass(frozen=True)
class Line:
    """One message of a list. The recipient is told by role and organisation: nobody's name is needed here."""

    id: str
    title: str
    recipient: str
    channel: str
    tag: tuple[str, str]
    why: str
    at: datetime


@dataclass(frozen=True)
class Step:
    """One thing that happened to a message, in words."""

    title: str
    at: datetime
    text: str


def recipient_words(card: PersonCard | None, organisations_by_id: dict[str, OrganisationCard]) -> str:
    """Say who a message went to without a name: the role, and the organisation where it has one."""
    if card is None:
        return "A channel of an organisation"
    if not card.roles:
        return "Somebody who wrote to us"
    held = card.roles[0]
    where = organisations_by_id.get(held.organisation_id)
    return f"{_ROLES[held.role]}, {where.name}" if where else _ROLES[held.role]


def _title(key: str) -> str:
    """Return a message's title without its values, which are not for everybody who may read the history."""
    known = site().messages
    return _PLACEHOLDER.sub("…", known[key].title.text) if key in known else key


def lines(session: Session, cards: list[MessageCard]) -> list[Line]:
    """Return messages as lines of a list."""
    people = persons(session, {card.person_id for card in cards if card.person_id})
    places = {place.id: place for place in organisations(session)}
    return [
        Line(
            card.id,
            _title(card.key),
            recipient_words(people.get(card.person_id or ""), places),
            CHANNELS[card.channel],
            STATUS_TAGS[card.status],
            REASONS[card.reason] if card.reason else "",
            card.delivered_at or card.sent_at or card.queued_at,
        )
        for card in cards
    ]


def _subject(told: str) -> Subject:
    kind, colon, reference = told.partition(":")
    if not (kind and colon and reference):
        raise InvalidInputError("about", "Enter a kind and a reference with a colon between, like referral:12345.")
    return Subject(kind, reference)


@pages.get("/messages")
@requires(Permission.MESSAGES_READ)
def find() -> str:
    """Show the messages about one thing (`?about=referral:ID`), or without it the latest that this person may see."""
    told = request.args.get("about", "").strip()
    actor, now = current_actor(), ground().clock.now()
    with ground().read() as session:
        if told:
            about = _subject(told)
            cards = messages_about(session, about) if may_read_about(session, actor, about, now) else []
        else:
            cards = readable(session, actor, messages_in(session, list(Status), limit=_LOOKED_AT), now)[:_LATEST]
        shown = lines(session, cards)
    return render_template("history/find.html", lines=shown, about=told)


@pages.get("/messages/<message_id>")
@requires(Permission.MESSAGES_READ)
def one(message_id: str) -> str:
    """Show why a message was sent, held, retried or failed, and what happens next."""
    with ground().read() as session:
        card = message(session, message_id)
        if not readable(session, current_actor(), [card], ground().clock.now()):
            raise NotFoundError
        (line,) = lines(session, [card])
        steps = [
            Step(WHAT.get(step.what, step.what), step.at, _step_text(step.reason and REASONS[step.reason], step.detail))
            for step in message_history(session, message_id)
        ]
    return render_template(
        "history/one.html",
        card=card,
        line=line,
        steps=steps,
        next=what_next(card.status, card.reason, card.due_at),
        solicited=card.key in site().messages and site().messages[card.key].policy.solicited,
    )


def _step_text(reason: str | None, detail: str) -> str:
    return " ".join(part for part in (reason, f"Details: {detail}" if detail else "") if part)
