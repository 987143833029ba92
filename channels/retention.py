from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from channels.actions.pass_to_person import SAFEGUARDING
from channels.model import Status
from channels.personal_data import PROCUREMENT
from channels.tables import HistoryRow, InboundRow, MessageRow, QueueItemRow, SandboxPostRow
from people.retention import Cut, Sweeper

_ENDED = (Status.SENT, Status.DELIVERED, Status.FAILED, Status.CANCELLED, Status.EXPIRED)


def persons_with_concern() -> Select[Any]:
    """Return the query for persons of whom a safeguarding concern is kept: nothing of theirs is swept away (V9 f)."""
    return select(QueueItemRow.person_id).where(QueueItemRow.queue == SAFEGUARDING)


def _messages(cut: Cut) -> Select[Any]:
    row = MessageRow
    plain = or_(row.about_kind.is_(None), row.about_kind.not_in(PROCUREMENT))
    free = or_(row.person_id.is_(None), row.person_id.not_in(cut.held))
    return select(row.id).where(row.queued_at < cut.before, row.status.in_(_ENDED), plain, free).order_by(row.seq)


def _remove_messages(session: Session, ids: Sequence[Any]) -> None:
    session.execute(delete(HistoryRow).where(HistoryRow.message_id.in_(ids)))
    session.execute(delete(SandboxPostRow).where(SandboxPostRow.message_id.in_(ids)))
    session.execute(delete(MessageRow).where(MessageRow.id.in_(ids)))


def remove_messages_about(session: Session, kind: str, ids: Sequence[str]) -> None:
    """Delete the messages about things that are kept no longer; their evidence went with the things (R36)."""
    row = MessageRow
    found = select(row.id).where(row.about_kind == kind, row.about_id.in_(ids), row.status.in_(_ENDED))
    _remove_messages(session, list(session.scalars(found)))


def _texts(cut: Cut) -> Select[Any]:
    """Texts that were dealt with; one that still waits for a person, or that is a concern, stays."""
    row = InboundRow
    kept = select(QueueItemRow.inbound_id).where(
        or_(QueueItemRow.queue == SAFEGUARDING, QueueItemRow.ended_at.is_(None), QueueItemRow.ended_at >= cut.before)
    )
    free = or_(row.person_id.is_(None), row.person_id.not_in(cut.held))
    return select(row.id).where(row.ended_at < cut.before, row.id.not_in(kept), free).order_by(row.seq)


def _remove_texts(session: Session, ids: Sequence[Any]) -> None:
    session.execute(delete(QueueItemRow).where(QueueItemRow.inbound_id.in_(ids)))
    session.execute(delete(InboundRow).where(InboundRow.id.in_(ids)))


SWEEPERS: Mapping[str, Sweeper] = {
    "channels.deliveries": Sweeper(_messages, _remove_messages),
    "channels.texts": Sweeper(_texts, _remove_texts),
}
