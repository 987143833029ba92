"""What waits for a person in one place of the hub: counted by the database, never by loading rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from people.model import Actor


@dataclass(frozen=True)
class Tally:
    """How many, and the earliest moment (or London day) among them: by when, or since when."""

    count: int = 0
    first: datetime | date | None = None


@dataclass(frozen=True)
class Waiting:
    """What waits for a person: what is past its time, what waits in time, and what comes without their doing."""

    late: Tally = Tally()
    due: Tally = Tally()
    coming: Tally = Tally()

    @property
    def count(self) -> int:
        """Return how many ask something of the person, late or not."""
        return self.late.count + self.due.count


Look = Callable[[Session, Actor, datetime], Waiting]
"""Counts what waits for a person at a moment, in a number of statements that does not grow with the data."""


def count_waiting(
    session: Session,
    by: InstrumentedAttribute[Any],
    *conditions: ColumnElement[bool],
    late: ColumnElement[bool] | None = None,
    coming: ColumnElement[bool] | None = None,
) -> Waiting:
    """Count, in one statement, the rows that meet the conditions; `by` holds the moment or day that orders them.

    `late` and `coming` tell which of them are past their time, and which ask nothing of anybody yet.
    """
    is_late = false() if late is None else late
    is_coming = false() if coming is None else and_(coming, not_(is_late))
    is_due = and_(not_(is_late), not_(is_coming))
    columns: list[ColumnElement[Any]] = []
    for part in (is_late, is_due, is_coming):
        columns += [func.count().filter(part), func.min(by).filter(part)]
    row = session.execute(select(*columns).where(*conditions)).one()
    return Waiting(Tally(row[0], row[1]), Tally(row[2], row[3]), Tally(row[4], row[5]))
