from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from people.tables import RightsRequestRow
from people.waiting import Waiting, count_waiting


def requests_waiting(session: Session, council_ids: Collection[str], today: date) -> Waiting:
    """Count the open requests of these councils whose clock runs: late ones, and the others by their last day."""
    row = RightsRequestRow
    return count_waiting(
        session,
        row.due_on,
        row.council_id.in_(list(council_ids)),
        row.ended_at.is_(None),
        row.due_on.is_not(None),
        late=row.due_on < today,
    )
