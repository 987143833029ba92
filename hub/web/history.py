from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from channels.model import Status, Subject
from channels.queries import MessageCard, message, message_history, messages_about, messages_in, messages_to
from channels.words import CHANNELS, STATUS_TAGS
from hub.web.areas import organisations_of_area
from hub.web.history_words import REASONS, WHAT, what_next
from hub.web.site import site
from hub.web.subjects import readable
from kernel.errors import InvalidInputError, NotFoundError
from kernel.web import ground
from people.model import OrganisationCard, PersonCard, Role
from people.permissions import Permission, may
from people.queries import organisations, person, persons, persons_named
from people.web.forms import PageForm
from people.web.guard import current_actor, requires
from people.web.paging import page_of

pages = Blueprint("history", __name__)

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


class FindForm(PageForm):
    """Whose messages, or the messages about what."""

    words = StringField(
        "Find messages",
        description="A person's name, the reference of a referral, or the number of a message",
        widget=GovTextInput(),
        validators=[DataRequired("Enter a name or a reference"), Length(max=200)],
    )


@dataclass(frozen=True)
class Asked:
    """What a list of messages is narrowed to; it all stands in the address."""

    about: Subject | None
    person: str
    status: str
    channel: str

    @classmethod
    def of_address(cls) -> Asked:
        """Read it from the address; what is no status or channel narrows nothing."""
        told = request.args.get("about", "").strip()
        kind, colon, reference = told.partition(":")
        if told and not (kind and colon and reference):
            raise InvalidInputError("about", "Enter a kind and a reference with a colon between, like referral:12345.")
        status, channel = request.args.get("status", ""), request.args.get("channel", "")
        return cls(
            about=Subject(kind, reference) if told else None,
            person=request.args.get("person", ""),
            status=status if status in set(Status) else "",
            channel=channel if channel in CHANNELS else "",
        )

    @property
    def is_narrowed(self) -> bool:
        """Tell whether the list leaves anything out."""
        return bool(self.status or self.channel)

    def cards(self, session: Session) -> list[MessageCard]:
        """Return the messages asked for, the newest first, whoever may see them."""
        if self.about is not None:
            found = messages_about(session, self.about)
        elif self.person:
            found = messages_to(session, self.person, limit=_LOOKED_AT)
        else:
            statuses = [Status(self.status)] if self.status else list(Status)
            return messages_in(session, statuses, channel=self.channel or None, limit=_LOOKED_AT)
        return [card for card in found if self._holds(card)]

    def _holds(self, card: MessageCard) -> bool:
        return self.status in ("", card.status) and self.channel in ("", card.channel)


_CHOICES = {
    "statuses": [("", "Any"), *((status.value, STATUS_TAGS[status][0]) for status in Status)],
    "channels": [("", "Any"), *((channel, words) for channel, words in CHANNELS.items())],
}


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


@pages.get("/messages")
@requires(Permission.MESSAGES_READ)
def find() -> str:
    """Show the latest messages that this person may see; `?about=referral:ID` or `?person=ID` narrows to those."""
    actor, now = current_actor(), ground().clock.now()
    asked = Asked.of_address()
    with ground().read() as session:
        if asked.person and not _in_reach(session, [person(session, asked.person)]):
            raise NotFoundError
        cards = readable(session, actor, asked.cards(session), now)
        page = page_of(len(cards))
        shown = lines(session, cards[page.offset : page.offset + page.size])
        about = _in_words(session, asked)
    return render_template(
        "history/find.html", lines=shown, page=page, asked=asked, about=about, form=FindForm(), **_CHOICES
    )


@pages.post("/messages")
@requires(Permission.MESSAGES_READ)
def look_up() -> Response | tuple[str, int]:
    """Go to the messages of whoever or whatever was typed. Posted, because a name has no place in an address."""
    form = FindForm()
    if not form.validate():
        return render_template("history/look_up.html", form=form, people=[]), 422
    words = " ".join(str(form.words.data).split())
    with ground().read() as session:
        target = _by_reference(session, words)
        people = [] if target else _written_to(session, words)
        places = {place.id: place for place in organisations(session)}
    if target or len(people) == 1:
        return redirect(target or url_for(".find", person=people[0].id), code=303)
    if not people:
        form.show_at(form.words, "We found nobody and nothing by that name or reference among what you may see")
    shown = [(card.id, card.name, recipient_words(card, places)) for card in people]
    return render_template("history/look_up.html", form=form, people=shown), 200 if people else 404


def _by_reference(session: Session, words: str) -> str | None:
    """Return where the messages about a reference are, or where the message of this id is."""
    actor, now = current_actor(), ground().clock.now()
    for kind, finder in site().finders.items():
        thing_id = finder(session, actor, words, now)
        if thing_id is not None:
            return url_for(".find", about=f"{kind}:{thing_id}")
    try:
        card = message(session, words)
    except NotFoundError:
        return None
    return url_for(".one", message_id=card.id) if readable(session, actor, [card], now) else None


def _in_reach(session: Session, people: list[PersonCard]) -> list[PersonCard]:
    """Return those whose messages may be looked up by who they are: persons of the area for which one reads of people.

    Who reads messages alone, a forum coordinator say, learns of nobody whether they are here (DOMAIN.md 1.3).
    """
    area = set(organisations_of_area(session, current_actor(), Permission.PEOPLE_READ))
    if not may(current_actor(), Permission.PEOPLE_READ):
        return []
    return [card for card in people if any(held.organisation_id in area for held in card.roles)]


def _written_to(session: Session, words: str) -> list[PersonCard]:
    """Return the persons of that name to whom went a message that may be seen: of others nothing is told."""
    actor, now = current_actor(), ground().clock.now()
    return [
        card
        for card in _in_reach(session, persons_named(session, words))
        if readable(session, actor, messages_to(session, card.id), now)
    ]


def _in_words(session: Session, asked: Asked) -> str:
    """Say whom or what the list is about."""
    if asked.person:
        return f"to {person(session, asked.person).name}"
    return f"about this {asked.about.kind.replace('_', ' ')}" if asked.about else ""


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
