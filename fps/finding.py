from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from fps.tables import SettingRow
from kernel.finding import holds

_MOST = 500


def settings_named(session: Session, words: str) -> list[str]:
    """Return the ids of the settings whose name holds the words."""
    return list(session.scalars(select(SettingRow.id).where(holds(SettingRow.name, words)).limit(_MOST)))
