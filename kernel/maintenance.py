"""Whether the hub's pages are closed for maintenance. It stands in the database: every process sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kernel.tables import MaintenanceRow
from kernel.work import Work

_ONLY = 1


@dataclass(frozen=True)
class Maintenance:
    """Since when the pages are closed, and when they should be open again, as far as somebody said."""

    since: datetime
    until: datetime | None


def close_pages(work: Work, until: datetime | None = None) -> None:
    """Close the pages; what was said before about when they open again is replaced."""
    row = work.session.get(MaintenanceRow, _ONLY)
    if row is None:
        work.session.add(MaintenanceRow(id=_ONLY, since=work.now, until=until))
    else:
        row.until = until


def open_pages(work: Work) -> None:
    """Open the pages again."""
    work.session.execute(delete(MaintenanceRow))


def maintenance(session: Session) -> Maintenance | None:
    """Return what is known of the maintenance under way, None while the pages are open."""
    row = session.get(MaintenanceRow, _ONLY)
    return Maintenance(row.since, row.until) if row else None
