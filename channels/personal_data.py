from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, delete, false, or_, select, update

from channels.actions.pass_to_person import SAFEGUARDING
from channels.model import Reason, Status
from channels.rules.status import IN_HAND, WAITING
from channels.tables import HistoryRow, InboundRow, MessageRow, QueueItemRow, SandboxPostRow
from kernel.database import Base
from kernel.errors import ConflictError
from kernel.work import Work
from people.holdings import Fate, Holding, Holdings
from people.personal_data import Erased, Erasure
from people.queries import contact_points, persons_by_address
from people.record_places import place_of, place_through

PROCUREMENT = ("referral",)
"""What messages are about whose sending is evidence of a procurement (R34, R36)."""
_SUBJECTS = {
    "referral": "referrals",
    "visit": "qa_visits",
    "improvement_action": "qa_actions",
    "survey": "surveys",
    "question": "queue_items",
}
"""What messages are about that is a council's or a forum's, and the table in which that stands."""
_PROCUREMENT_WHY = "It proves who was asked and told what, and when, in a procurement (R34, R36). What it said goes."
_WORRY_WHY = "A safeguarding concern is frozen from deletion and follows the council's own safeguarding schedule (V9)."


def _is_evidence() -> ColumnElement[bool]:
    return MessageRow.about_kind.in_(PROCUREMENT) & MessageRow.about_kind.is_not(None)


def _is_no_evidence() -> ColumnElement[bool]:
    return or_(MessageRow.about_kind.is_(None), MessageRow.about_kind.not_in(PROCUREMENT))


def _is_concern() -> ColumnElement[bool]:
    return QueueItemRow.queue == SAFEGUARDING


def _is_no_concern() -> ColumnElement[bool]:
    return QueueItemRow.queue != SAFEGUARDING


def _of_concern() -> ColumnElement[bool]:
    return InboundRow.id.in_(select(QueueItemRow.inbound_id).where(_is_concern()))


def _of_no_concern() -> ColumnElement[bool]:
    return InboundRow.id.not_in(select(QueueItemRow.inbound_id).where(_is_concern()))


def _going_messages(person_id: str) -> ColumnElement[bool]:
    return HistoryRow.message_id.in_(select(MessageRow.id).where(MessageRow.person_id == person_id, _is_no_evidence()))


def _staying_messages(person_id: str) -> ColumnElement[bool]:
    return HistoryRow.message_id.in_(select(MessageRow.id).where(MessageRow.person_id == person_id, _is_evidence()))


def _of_inbound() -> ColumnElement[str | None]:
    """Return whose a message that came in is: the organisation's in whose queue it stood."""
    inbound, items = Base.metadata.tables["inbound"], Base.metadata.tables["queue_items"]
    return place_through(inbound, items, items.c.inbound_id == inbound.c.id, items.c.organisation_id)


def _of_message() -> ColumnElement[str | None]:
    """Return whose a message that went out is: the organisation's of what it is about."""
    messages = Base.metadata.tables["messages"]
    places: list[tuple[ColumnElement[bool], ColumnElement[str | None]]] = []
    for kind, name in _SUBJECTS.items():
        subject = Base.metadata.tables.get(name)
        place = place_of(subject) if subject is not None else None
        if subject is not None and place is not None:
            found = place_through(messages, subject, subject.c.id == messages.c.about_id, place)
            places.append((messages.c.about_kind == kind, found))
    return case(*places)


def _posts(person_id: str) -> ColumnElement[bool]:
    return SandboxPostRow.message_id.in_(select(MessageRow.id).where(MessageRow.person_id == person_id))


_MESSAGE = {
    "channel": "Channel",
    "key": "Kind of message",
    "values": "What it said",
    "status": "Status",
    "queued_at": "Written",
    "sent_at": "Sent",
    "delivered_at": "Arrived",
    "attachments": "Attachments",
}
_INBOUND = {
    "channel": "Channel",
    "sender": "From",
    "body": "What you wrote",
    "values": "What you entered",
    "received_at": "Received",
    "detail": "What became of it",
}
_ITEM = {"text": "What you wrote", "opened_at": "Received", "answer": "Our answer", "ended_at": "Dealt with"}

HOLDINGS = (
    Holding("sandbox_posts", "Messages of the sandbox", SandboxPostRow, Fate.DELETE, of=_posts),
    Holding("message_history", "What happened to messages", HistoryRow, Fate.DELETE, of=_going_messages),
    Holding(
        "procurement_history",
        "What happened to messages about referrals",
        HistoryRow,
        Fate.EMPTY,
        of=_staying_messages,
        emptied={"detail": ""},
    ),
    Holding(
        "messages",
        "Messages we sent you",
        MessageRow,
        Fate.DELETE,
        "person_id",
        only=_is_no_evidence,
        shown=_MESSAGE,
        place=_of_message,
    ),
    Holding(
        "procurement_messages",
        "Messages we sent you about referrals",
        MessageRow,
        Fate.EMPTY,
        "person_id",
        only=_is_evidence,
        shown=_MESSAGE,
        place=_of_message,
        emptied={"values": {}, "attachments": None, "contact_point_id": None, "tried": None, "vendor_id": None},
        why=_PROCUREMENT_WHY,
        until="6 years after the placement agreement has ended",
    ),
    Holding("questions", "Your questions", QueueItemRow, Fate.DELETE, "person_id", only=_is_no_concern, shown=_ITEM),
    Holding(
        "concerns",
        "Messages that gave cause for concern",
        QueueItemRow,
        Fate.KEEP,
        "person_id",
        only=_is_concern,
        shown=_ITEM,
        why=_WORRY_WHY,
        until="the council's safeguarding schedule says",
        names=True,
        concern=True,
    ),
    Holding(
        "questions_answered",
        "Questions of others that were answered",
        QueueItemRow,
        Fate.KEEP,
        "ended_by",
        why="It says who answered somebody else; only the person's number stays in it.",
        until="the question itself goes",
    ),
    Holding(
        "inbound",
        "Messages you sent us",
        InboundRow,
        Fate.DELETE,
        "person_id",
        only=_of_no_concern,
        shown=_INBOUND,
        place=_of_inbound,
    ),
    Holding(
        "inbound_concerns",
        "Messages as they came, that gave cause for concern",
        InboundRow,
        Fate.KEEP,
        "person_id",
        only=_of_concern,
        shown=_INBOUND,
        place=_of_inbound,
        why=_WORRY_WHY,
        until="the council's safeguarding schedule says",
        names=True,
        concern=True,
    ),
)


@dataclass(frozen=True)
class ChannelsData(Holdings):
    """What went out to a person and came in from them."""

    def erase(self, work: Work, person_id: str, erasure: Erasure) -> Erased:
        """Withdraw what waits, then delete; raises ConflictError while a vendor has a message in hand."""
        in_hand = select(MessageRow.id).where(MessageRow.person_id == person_id, MessageRow.status.in_(IN_HAND))
        if work.session.scalars(in_hand.limit(1)).first() is not None:
            raise ConflictError("A message to this person is just being sent. Try again in a few minutes.")
        waits = update(MessageRow).where(MessageRow.person_id == person_id, MessageRow.status.in_(WAITING))
        work.session.execute(waits.values(status=Status.CANCELLED, reason=Reason.WITHDRAWN, due_at=None))
        _forget_unheard(work, person_id)
        return super().erase(work, person_id, erasure)


def _forget_unheard(work: Work, person_id: str) -> None:
    """Delete what came from the person's own addresses and was never heard; a shared phone's stays for the others."""
    own = {
        (point.channel, point.address)
        for point in contact_points(work.session, person_id)
        if len(persons_by_address(work.session, point.channel, point.address)) == 1
    }
    unheard = select(InboundRow.id, InboundRow.channel, InboundRow.sender).where(InboundRow.person_id.is_(None))
    gone = [row.id for row in work.session.execute(unheard) if (row.channel, row.sender) in own]
    work.session.execute(delete(InboundRow).where(InboundRow.id.in_(gone) if gone else false()))


PERSON_DATA = ChannelsData("channels", HOLDINGS)
