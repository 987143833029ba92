from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from channels.tables import FAILED, PARKED, UNDECIDED, UNREAD, InboundRow, MessageRow, QueueItemRow
from people.waiting import Tally, Waiting, count_waiting


def unread(session: Session, person_id: str) -> Tally:
    """Count what a person has in their inbox on the web and has not read, since the first of them came."""
    waiting = select(func.count(), func.min(MessageRow.sent_at)).where(MessageRow.person_id == person_id, UNREAD)
    count, first = session.execute(waiting).one()
    return Tally(count, first)


def in_queue(
    session: Session,
    queue: str,
    organisation_ids: Select[str],
    now: datetime,
    *,
    within: timedelta | None = None,
) -> Waiting:
    """Count a queue's open items of these organisations, and of nobody's; late if they wait longer than `within`."""
    of_ours: ColumnElement[bool] = QueueItemRow.organisation_id.in_(organisation_ids)
    return count_waiting(
        session,
        QueueItemRow.opened_at,
        QueueItemRow.queue == queue,
        QueueItemRow.ended_at.is_(None),
        of_ours | QueueItemRow.organisation_id.is_(None),
        late=None if within is None else QueueItemRow.opened_at < now - within,
    )


def parked_texts(session: Session) -> Tally:
    """Count the inbound texts that no room could hear and that wait for an operator."""
    count, first = session.execute(select(func.count(), func.min(InboundRow.received_at)).where(PARKED)).one()
    return Tally(count, first)


def undecided(session: Session) -> Tally:
    """Count the messages of which nobody can prove whether they went out: a person decides."""
    count, first = session.execute(select(func.count(), func.min(MessageRow.queued_at)).where(UNDECIDED)).one()
    return Tally(count, first)


def failed_since(session: Session, since: datetime) -> Tally:
    """Count the messages that reached nobody since a moment."""
    failed = select(func.count(), func.min(MessageRow.queued_at)).where(FAILED, MessageRow.queued_at >= since)
    count, first = session.execute(failed).one()
    return Tally(count, first)
