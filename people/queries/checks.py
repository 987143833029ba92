from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.tables import ContactCheckRow, ContactPointRow


@dataclass(frozen=True)
class CheckToSend:
    """Whose contact point a code is to prove."""

    person_id: str
    contact_point_id: str


def check_to_send(session: Session, check_id: str, now: datetime) -> CheckToSend | None:
    """Return where a code goes, None if it is no longer wanted."""
    found = session.execute(
        select(ContactPointRow.person_id, ContactPointRow.id)
        .join(ContactCheckRow, ContactCheckRow.contact_point_id == ContactPointRow.id)
        .where(ContactCheckRow.id == check_id, ContactCheckRow.ended_at.is_(None), ContactCheckRow.expires_at > now)
    ).first()
    return CheckToSend(found.person_id, found.id) if found and found.person_id else None
