"""Who else has the URN with which a new setting applies: for the lead authority, which decides whose it is."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from fps.model import Status
from fps.model.applications import ApplicationState, Outcome
from fps.tables import (
    AdmissionRow,
    ApplicationRow,
    ApplicationSettingRow,
    SettingOnLotRow,
    SettingRow,
    StatusChangeRow,
)
from people.queries import organisations

_COUNTS = (ApplicationState.SUBMITTED, ApplicationState.DECIDED)


def standing_with(session: Session, urn: str, setting_id: str | None) -> list[str]:
    """Return the name of another setting that has a URN on the register and has not left all its lots."""
    steps = select(StatusChangeRow.to_status).join(
        SettingOnLotRow, SettingOnLotRow.id == StatusChangeRow.setting_on_lot_id
    )
    of_it = steps.where(SettingOnLotRow.setting_id == SettingRow.id, StatusChangeRow.until.is_(None))
    has_left = of_it.exists() & ~of_it.where(StatusChangeRow.to_status != Status.EXITED).exists()
    rows = select(SettingRow.name).where(SettingRow.urn == urn, SettingRow.id != (setting_id or ""), ~has_left)
    return list(session.scalars(rows))


def admitted_with(session: Session, urn: str, application_id: str) -> list[str]:
    """Return the names of settings of other applications that are to be admitted with a URN, before the letters."""
    admitted = exists().where(AdmissionRow.entry_id == ApplicationSettingRow.id, AdmissionRow.outcome == Outcome.ADMIT)
    rows = (
        select(ApplicationSettingRow.name)
        .join(ApplicationRow, ApplicationRow.id == ApplicationSettingRow.application_id)
        .where(
            ApplicationSettingRow.urn == urn,
            ApplicationRow.id != application_id,
            ApplicationRow.state == ApplicationState.SUBMITTED,
            ApplicationRow.opened_at.is_not(None),
            admitted,
        )
    )
    return list(session.scalars(rows))


def others_with_urns(session: Session, application_id: str) -> dict[str, list[str]]:
    """Return, by entry of an opened application, who else has its URN: on the register, or in another application."""
    own, names = aliased(ApplicationSettingRow), {place.id: place.name for place in organisations(session)}
    found: dict[str, list[str]] = defaultdict(list)
    registered = (
        select(own.id, SettingRow.name, SettingRow.provider_id)
        .join(SettingRow, SettingRow.urn == own.urn)
        .where(own.application_id == application_id, SettingRow.id != own.setting_id)
    )
    for entry_id, name, provider_id in session.execute(registered.order_by(SettingRow.id)):
        found[entry_id].append(f"on the register: {name}, {names[provider_id]}")
    other = aliased(ApplicationSettingRow)
    applied = (
        select(own.id, other.name, ApplicationRow.provider_id)
        .join(other, other.urn == own.urn)
        .join(ApplicationRow, ApplicationRow.id == other.application_id)
        .where(
            own.application_id == application_id,
            other.application_id != application_id,
            ApplicationRow.state.in_(_COUNTS),
            ApplicationRow.opened_at.is_not(None),
        )
    )
    for entry_id, name, provider_id in session.execute(applied.order_by(other.id)):
        found[entry_id].append(f"in another application: {name}, {names[provider_id]}")
    return dict(found)
