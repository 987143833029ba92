from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fps.model import Intake, SettingCard, SettingKind
from fps.tables import SettingRow
from kernel.errors import NotFoundError

SETTING = tuple(SettingRow.__table__.c[field.name] for field in fields(SettingCard))
"""The columns of a card, in its order."""
# a look-up is five times as fast as making the member of an enumeration, and lists hold ten thousand settings
KINDS: Mapping[str, SettingKind] = {kind.value: kind for kind in SettingKind}
INTAKES: Mapping[str, Intake] = {intake.value: intake for intake in Intake}


def setting_card(values: Iterable[Any]) -> SettingCard:
    """Make a card of the values of the columns SETTING."""
    setting_id, name, provider_id, urn, kind, age_from, age_to, intake, district, contact_id = values
    return SettingCard(
        setting_id, name, provider_id, urn, KINDS[kind], age_from, age_to, INTAKES[intake], district, contact_id
    )


def setting(session: Session, setting_id: str) -> SettingCard:
    """Return a setting; raises NotFoundError."""
    row = session.execute(select(*SETTING).where(SettingRow.id == setting_id)).first()
    if row is None:
        raise NotFoundError
    return setting_card(row)


def settings_of(session: Session, provider_ids: Iterable[str]) -> list[SettingCard]:
    """Return the settings of providers, by name."""
    rows = select(*SETTING).where(SettingRow.provider_id.in_(list(provider_ids)))
    return [setting_card(row) for row in session.execute(rows.order_by(SettingRow.name, SettingRow.id))]


def settings_by_id(session: Session, setting_ids: Iterable[str]) -> dict[str, SettingCard]:
    """Return the settings of these ids, by id; unknown ids are left out."""
    rows = select(*SETTING).where(SettingRow.id.in_(list(setting_ids)))
    return {row[0]: setting_card(row) for row in session.execute(rows)}
