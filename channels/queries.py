from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from channels.model import Reason, Send, Status, Subject
from channels.tables import IN_HAND, OPEN, PARKED, WAITING, HistoryRow, InboundRow, MessageRow, QueueItemRow
from kernel.errors import NotFoundError


@dataclass(frozen=True)
class MessageCard:
    """A message as pages show it. Times are UTC; `due_at` is when it is next tried, None when it is not."""

    id: str
    person_id: str | None
    contact_point_id: str | None
    channel: str
    key: str
    about: Subject | None
    urgency: int
    status: Status
    reason: Reason | None
    attempts: int
    due_at: datetime | None
    expires_at: datetime | None
    queued_at: datetime
    handed_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None


@dataclass(frozen=True)
class HistoryLine:
    """One thing that happened to a message: what, when, why."""

    at: datetime
    what: str
    reason: Reason | None
    detail: str


@dataclass(frozen=True)
class QueueItem:
    """A text that waits in a named queue, or waited."""

    id: str
    queue: str
    inbound_id: str
    person_id: str
    organisation_id: str | None
    channel: str
    reason: str
    text: str
    opened_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    answer: str | None


@dataclass(frozen=True)
class ParkedInbound:
    """An inbound text that no room could hear after several attempts."""

    id: str
    channel: str
    received_at: datetime
    attempts: int
    error: str


def _message(row: MessageRow) -> MessageCard:
    about = Subject(row.about_kind, row.about_id) if row.about_kind and row.about_id else None
    return MessageCard(
        row.id,
        row.person_id,
        row.contact_point_id,
        row.channel,
        row.key,
        about,
        row.urgency,
        Status(row.status),
        Reason(row.reason) if row.reason else None,
        row.attempts,
        row.due_at,
        row.expires_at,
        row.queued_at,
        row.handed_at,
        row.sent_at,
        row.delivered_at,
    )


def message(session: Session, message_id: str) -> MessageCard:
    """Return one message; raises NotFoundError."""
    row = session.scalars(select(MessageRow).where(MessageRow.id == message_id)).first()
    if row is None:
        raise NotFoundError
    return _message(row)


def message_history(session: Session, message_id: str) -> list[HistoryLine]:
    """Return everything that happened to a message, in order, the plain steps among the unusual ones."""
    card = message(session, message_id)
    steps = [
        HistoryLine(at, what, None, "")
        for at, what in (
            (card.queued_at, "queued"),
            (card.handed_at, "handed_over"),
            (card.sent_at, "sent"),
            (card.delivered_at, "delivered"),
        )
        if at is not None
    ]
    rows = session.scalars(select(HistoryRow).where(HistoryRow.message_id == message_id).order_by(HistoryRow.seq))
    told = [HistoryLine(row.at, row.what, Reason(row.reason) if row.reason else None, row.detail) for row in rows]
    return sorted(steps + told, key=lambda line: line.at)


def messages_about(session: Session, about: Subject, *, limit: int = 500) -> list[MessageCard]:
    """Return the messages about a subject, in the order in which they were queued."""
    rows = select(MessageRow).where(MessageRow.about_kind == about.kind, MessageRow.about_id == about.id)
    return [_message(row) for row in session.scalars(rows.order_by(MessageRow.seq).limit(limit))]


def sends_about(session: Session, about: Subject, keys: Collection[str]) -> list[Send]:
    """Return how far every message of these keys about a subject has come, in the order in which they were queued."""
    row = MessageRow
    columns = select(row.id, row.person_id, row.channel, row.key, row.status, row.reason, row.queued_at)
    columns = columns.add_columns(row.handed_at, row.sent_at, row.values)
    found = columns.where(row.about_kind == about.kind, row.about_id == about.id, row.key.in_(list(keys)))
    return [
        Send(
            one.id,
            one.person_id,
            one.channel,
            one.key,
            Status(one.status),
            Reason(one.reason) if one.reason else None,
            one.queued_at,
            one.handed_at,
            one.sent_at,
            dict(one.values),
        )
        for one in session.execute(found.order_by(row.seq))
    ]


def messages_to(session: Session, person_id: str, *, limit: int = 200) -> list[MessageCard]:
    """Return the latest messages to a person, the newest first."""
    rows = select(MessageRow).where(MessageRow.person_id == person_id)
    return [_message(row) for row in session.scalars(rows.order_by(MessageRow.seq.desc()).limit(limit))]


def messages_in(
    session: Session, statuses: Collection[Status], *, channel: str | None = None, limit: int = 200
) -> list[MessageCard]:
    """Return the latest messages in one of the statuses, on one channel or on any, the newest first."""
    rows = select(MessageRow).where(MessageRow.status.in_(list(statuses)))
    if channel is not None:
        rows = rows.where(MessageRow.channel == channel)
    return [_message(row) for row in session.scalars(rows.order_by(MessageRow.seq.desc()).limit(limit))]


def awaiting_decision(session: Session, *, limit: int = 200) -> list[MessageCard]:
    """Return the messages of which nobody can prove whether they went out: a person decides."""
    rows = select(MessageRow).where(OPEN, MessageRow.status == Status.HELD, MessageRow.reason == Reason.ASK_A_PERSON)
    return [_message(row) for row in session.scalars(rows.order_by(MessageRow.seq).limit(limit))]


def _queue_items() -> Select[QueueItemRow, str]:
    return select(QueueItemRow, InboundRow.channel).join(InboundRow, InboundRow.id == QueueItemRow.inbound_id)


def _queue_item(row: QueueItemRow, channel: str) -> QueueItem:
    return QueueItem(
        row.id,
        row.queue,
        row.inbound_id,
        row.person_id,
        row.organisation_id,
        channel,
        row.reason,
        row.text,
        row.opened_at,
        row.ended_at,
        row.ended_by,
        row.answer,
    )


def queue_items(
    session: Session, queue: str, organisation_ids: Collection[str], *, is_open: bool = True, limit: int = 200
) -> list[QueueItem]:
    """Return a queue's items of these organisations, and of nobody's, the oldest first."""
    ours = QueueItemRow.organisation_id.in_(list(organisation_ids)) | QueueItemRow.organisation_id.is_(None)
    ended = QueueItemRow.ended_at.is_(None) if is_open else QueueItemRow.ended_at.is_not(None)
    rows = _queue_items().where(QueueItemRow.queue == queue, ours, ended)
    return [_queue_item(*row) for row in session.execute(rows.order_by(QueueItemRow.opened_at).limit(limit))]


def queue_item(session: Session, item_id: str, organisation_ids: Collection[str]) -> QueueItem:
    """Return one item of a queue; raises NotFoundError, also for another organisation's."""
    found = session.execute(_queue_items().where(QueueItemRow.id == item_id)).first()
    if found is None or found[0].organisation_id not in (*organisation_ids, None):
        raise NotFoundError
    return _queue_item(*found)


def parked_inbound(session: Session, *, limit: int = 200) -> list[ParkedInbound]:
    """Return the inbound texts that wait for an operator, the oldest first."""
    rows = select(InboundRow).where(PARKED).order_by(InboundRow.seq).limit(limit)
    return [
        ParkedInbound(row.id, row.channel, row.received_at, row.attempts, row.error or "")
        for row in session.scalars(rows)
    ]


@dataclass(frozen=True)
class Load:
    """How much waits and for how long, for the metrics; ages in seconds."""

    messages_by_status: dict[tuple[str, str], int]
    oldest_due_s: float
    inbound_waiting: int
    oldest_inbound_s: float
    inbound_parked: int


def load(session: Session, now: datetime) -> Load:
    """Return how much waits. Counts only what is unfinished, so that old messages cost nothing."""
    by_status = select(MessageRow.channel, MessageRow.status, func.count()).group_by(
        MessageRow.channel, MessageRow.status
    )
    counts = [*session.execute(by_status.where(OPEN)), *session.execute(by_status.where(IN_HAND))]
    oldest_due = session.scalar(select(func.min(MessageRow.due_at)).where(OPEN))
    waiting = session.execute(select(func.count(), func.min(InboundRow.received_at)).where(WAITING)).one()
    parked = session.scalar(select(func.count()).select_from(InboundRow).where(PARKED)) or 0
    return Load(
        {(channel, status): count for channel, status, count in counts},
        _age(oldest_due, now),
        waiting[0],
        _age(waiting[1], now),
        parked,
    )


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
