from __future__ import annotations

from datetime import date

from sqlalchemy import select

from fps.model.frameworks import Days
from fps.rules.frameworks import check_joins
from fps.tables import LotRow
from kernel.work import Work


def check_lot_open(work: Work, lot_id: str, on: date) -> None:
    """Raise ConflictError unless the lot takes somebody new on the day, as the database has it at this very moment."""
    days = select(LotRow.number, LotRow.name, LotRow.since, LotRow.until).where(LotRow.id == lot_id)
    number, name, since, until = work.session.execute(days).one()
    check_joins(f"Lot {number}: {name}", Days(since, until), on)
