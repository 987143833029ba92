from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from fps.model import Status, StatusChange
from fps.queries.candidates import counts_on
from fps.tables import SettingOnLotRow, StatusChangeRow


def status_on(session: Session, setting_id: str, lot_id: str, on: date) -> Status | None:
    """Return where a setting stands on a lot on that day, or None where it is not on the lot."""
    row = StatusChangeRow
    status = session.scalar(
        select(row.to_status)
        .join(SettingOnLotRow, SettingOnLotRow.id == row.setting_on_lot_id)
        .where(SettingOnLotRow.setting_id == setting_id, SettingOnLotRow.lot_id == lot_id, counts_on(on))
    )
    return Status(status) if status else None


def status_history(session: Session, setting_id: str, lot_id: str) -> list[StatusChange]:
    """Return every step that a setting has taken on a lot, the first one first."""
    rows = (
        select(StatusChangeRow)
        .join(SettingOnLotRow, SettingOnLotRow.id == StatusChangeRow.setting_on_lot_id)
        .where(SettingOnLotRow.setting_id == setting_id, SettingOnLotRow.lot_id == lot_id)
        .order_by(StatusChangeRow.number)
    )
    return [status_change(row) for row in session.scalars(rows)]


def status_change(row: StatusChangeRow) -> StatusChange:
    """Make a value of a row."""
    return StatusChange(
        Status(row.from_status) if row.from_status else None,
        Status(row.to_status),
        row.effective_on,
        row.recorded_at,
        row.actor_id,
        row.reason,
        row.until,
        row.document_id,
    )
