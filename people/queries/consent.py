from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.tables import ConsentRow


@dataclass(frozen=True)
class ConsentCard:
    """Why we may write to a person unasked on a channel, since when, and until when if it was withdrawn."""

    id: str
    channel: str
    basis: str
    given_at: datetime
    ended_at: datetime | None


def consents_of(session: Session, person_id: str) -> list[ConsentCard]:
    """Return each channel's latest consent of a person, those that hold first."""
    rows = select(ConsentRow).where(ConsentRow.person_id == person_id).order_by(ConsentRow.given_at, ConsentRow.id)
    latest: dict[str, ConsentCard] = {}
    for row in session.scalars(rows):
        before = latest.get(row.channel)
        if before is None or before.ended_at is not None or row.ended_at is None:
            latest[row.channel] = ConsentCard(row.id, row.channel, row.basis, row.given_at, row.ended_at)
    return sorted(latest.values(), key=lambda card: (card.ended_at is not None, card.channel))
