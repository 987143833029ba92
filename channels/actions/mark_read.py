from __future__ import annotations

from sqlalchemy import update

from channels.model import Channel, Status
from channels.tables import MessageRow
from kernel.work import Work


def mark_read(work: Work, person_id: str, message_id: str | None = None) -> int:
    """Note that a person has read one message in their inbox on the web, or all of them. Return how many."""
    one = () if message_id is None else (MessageRow.id == message_id,)
    arrived = (
        update(MessageRow)
        .where(
            MessageRow.person_id == person_id,
            MessageRow.channel == Channel.WEB,
            MessageRow.status == Status.SENT,
            *one,
        )
        .values(status=Status.DELIVERED, delivered_at=work.now)
        .returning(MessageRow.id)
    )
    return len(list(work.session.scalars(arrived)))
