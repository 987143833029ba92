"""Links that somebody keeps for long, such as that of a calendar, and can take back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.model import Grant
from people.tables import GrantRow


def kept_link(session: Session, person_id: str, purpose: str, now: datetime) -> Grant | None:
    """Return the newest link of a person for a purpose that holds still, None where there is none."""
    row = session.scalars(
        select(GrantRow)
        .where(
            GrantRow.person_id == person_id,
            GrantRow.purpose == purpose,
            GrantRow.spent_at.is_(None),
            GrantRow.expires_at > now,
        )
        .order_by(GrantRow.created_at.desc(), GrantRow.id.desc())
        .limit(1)
    ).first()
    return Grant(row.id, row.purpose, row.target, row.person_id, row.expires_at, row.spent_at) if row else None
