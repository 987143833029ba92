from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, TextClause, func, select
from sqlalchemy.orm import Session

from channels.model import Attachment, Status
from channels.tables import INBOX, UNREAD, MessageRow
from kernel.errors import NotFoundError


@dataclass(frozen=True)
class InboxItem:
    """A message that a person reads on the web: its key and values, to be rendered in their language."""

    id: str
    key: str
    values: dict[str, Any]
    at: datetime
    is_read: bool
    attachments: tuple[Attachment, ...]


def inbox(session: Session, person_id: str, *, is_unread: bool, offset: int, limit: int) -> list[InboxItem]:
    """Return one page of a person's inbox on the web, or of what they have not read, the newest first."""
    rows = select(MessageRow).where(*_whose(person_id, is_unread=is_unread)).order_by(MessageRow.seq.desc())
    return [_item(row) for row in session.scalars(rows.offset(offset).limit(limit))]


def count_inbox(session: Session, person_id: str, *, is_unread: bool) -> int:
    """Count what a person has in their inbox on the web, or has there and has not read."""
    return session.scalar(select(func.count()).where(*_whose(person_id, is_unread=is_unread))) or 0


def inbox_item(session: Session, person_id: str, message_id: str) -> InboxItem:
    """Return one message of a person's inbox on the web; raises NotFoundError, also for another person's."""
    row = session.scalars(select(MessageRow).where(MessageRow.id == message_id)).first()
    is_theirs = row is not None and row.person_id == person_id and row.channel == "web"
    if row is None or not is_theirs or row.status not in (Status.SENT, Status.DELIVERED):
        raise NotFoundError
    return _item(row)


def _whose(person_id: str, *, is_unread: bool) -> tuple[ColumnElement[bool] | TextClause, ...]:
    return (MessageRow.person_id == person_id, UNREAD if is_unread else INBOX)


def _item(row: MessageRow) -> InboxItem:
    return InboxItem(
        row.id,
        row.key,
        row.values,
        row.sent_at or row.queued_at,
        is_read=row.status == Status.DELIVERED,
        attachments=tuple(Attachment(**attachment) for attachment in row.attachments or ()),
    )
