from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from kernel.tables import EventRow, HandlingRow

_UNFINISHED = ("waiting", "parked")


def old_events(before: datetime) -> Select[Any]:
    """Return the query for the ids of facts that everybody has heard of, from before a moment."""
    unfinished = select(HandlingRow.event_id).where(HandlingRow.state.in_(_UNFINISHED))
    return select(EventRow.id).where(EventRow.at < before, EventRow.is_spread, EventRow.id.not_in(unfinished))


def forget_events(session: Session, ids: Sequence[Any]) -> None:
    """Delete facts with what was made of them."""
    session.execute(delete(HandlingRow).where(HandlingRow.event_id.in_(ids)))
    session.execute(delete(EventRow).where(EventRow.id.in_(ids)))
