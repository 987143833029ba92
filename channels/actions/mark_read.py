from __future__ import annotations

from sqlalchemy import update

from channels.model import Channel, Status
from channels.tables import MessageRow
from kernel.work import Work


def mark_read(work: Work, person_id: str) -> int:
    """Note that a person has opened their inbox on the web: what waited there has arrived. Return how many."""
    arrived = (
        update(MessageRow)
        .where(
            MessageRow.person_id == person_id,
            MessageRow.channel == Channel.WEB,
            MessageRow.status == Status.SENT,
        )
        .values(status=Status.DELIVERED, delivered_at=work.now)
        .returning(MessageRow.id)
    )
    return len(list(work.session.scalars(arrived)))
