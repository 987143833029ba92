"""Which settings stand on a lot today, for the directory and for the questions about free places."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from fps.model import LotCard, Status
from fps.queries.frameworks import lots_by_id
from fps.tables import FrameworkRow, LotRow, SettingOnLotRow, StatusChangeRow

PUBLIC = (Status.ACTIVE, Status.SELF_PAUSED, Status.COMPLIANCE_HOLD)
"""With these a setting is shown to everybody."""


def standing_on(today: date) -> Select[str, str, str]:
    """Select setting, lot and status of all that stand on a lot of a framework that runs on the day."""
    return (
        select(SettingOnLotRow.setting_id, SettingOnLotRow.lot_id, StatusChangeRow.to_status)
        .join(StatusChangeRow, StatusChangeRow.setting_on_lot_id == SettingOnLotRow.id)
        .join(LotRow, LotRow.id == SettingOnLotRow.lot_id)
        .join(FrameworkRow, FrameworkRow.id == LotRow.framework_id)
        .where(
            StatusChangeRow.effective_on <= today,
            or_(StatusChangeRow.until.is_(None), StatusChangeRow.until > today),
            FrameworkRow.starts_on <= today,
            FrameworkRow.ends_on >= today,
        )
    )


def running_framework_ids(session: Session, today: date) -> list[str]:
    """Return the ids of the frameworks that run on a day, by name."""
    running = select(FrameworkRow.id).where(FrameworkRow.starts_on <= today, FrameworkRow.ends_on >= today)
    return list(session.scalars(running.order_by(FrameworkRow.name)))


def lots_of(session: Session, setting_id: str, today: date) -> list[LotCard]:
    """Return the lots on which a setting stands, in the order of their numbers."""
    rows = standing_on(today).where(SettingOnLotRow.setting_id == setting_id)
    held = [lot_id for _, lot_id, status in session.execute(rows) if status in PUBLIC]
    return sorted(lots_by_id(session, held).values(), key=lambda lot: (lot.framework_id, lot.number))
