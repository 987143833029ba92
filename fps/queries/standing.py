from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from fps.model import DocumentKind, Status, StatusChange
from fps.queries.candidates import counts_on
from fps.tables import DocumentRow, LotRow, SettingOnLotRow, StatusChangeRow


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


@dataclass(frozen=True)
class LotStep:
    """A step with the lot that it was taken on, and the kind of the document that is its evidence."""

    lot_id: str
    lot_title: str
    change: StatusChange
    evidence: DocumentKind | None


def steps_of(session: Session, setting_id: str) -> list[LotStep]:
    """Return every step that a setting has taken on any lot, the newest first."""
    rows = session.execute(
        select(StatusChangeRow, LotRow.id, LotRow.number, LotRow.name, DocumentRow.kind)
        .join(SettingOnLotRow, SettingOnLotRow.id == StatusChangeRow.setting_on_lot_id)
        .join(LotRow, LotRow.id == SettingOnLotRow.lot_id)
        .outerjoin(DocumentRow, DocumentRow.id == StatusChangeRow.document_id)
        .where(SettingOnLotRow.setting_id == setting_id)
        .order_by(StatusChangeRow.recorded_at.desc(), LotRow.number, StatusChangeRow.number.desc())
    )
    return [
        LotStep(lot_id, f"Lot {number}: {name}", status_change(row), DocumentKind(kind) if kind else None)
        for row, lot_id, number, name, kind in rows
    ]
