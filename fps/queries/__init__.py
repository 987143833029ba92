from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from fps.model import (
    Candidate,
    DocumentKind,
    Intake,
    SettingCard,
    SettingKind,
    Status,
    StatusChange,
)
from fps.queries.frameworks import (
    framework,
    framework_id_of,
    frameworks_of,
    lot,
    lots,
    lots_by_id,
)
from fps.tables import (
    DocumentRow,
    LotRow,
    SettingOnLotRow,
    SettingRow,
    StatusChangeRow,
)
from kernel.errors import NotFoundError

__all__ = [
    "candidates",
    "framework",
    "framework_id_of",
    "frameworks_of",
    "lot",
    "lots",
    "lots_by_id",
    "newest_documents",
    "setting",
    "settings_of",
    "status_history",
    "status_on",
]

_SETTING = tuple(SettingRow.__table__.c[field.name] for field in fields(SettingCard))


def _setting(values: Iterable[Any]) -> SettingCard:
    """Make a card of the values of the columns `_SETTING`."""
    setting_id, name, provider_id, urn, kind, age_from, age_to, intake, district, contact_id = values
    return SettingCard(
        setting_id,
        name,
        provider_id,
        urn,
        SettingKind(kind),
        age_from,
        age_to,
        Intake(intake),
        district,
        contact_id,
    )


def setting(session: Session, setting_id: str) -> SettingCard:
    """Return a setting; raises NotFoundError."""
    row = session.execute(select(*_SETTING).where(SettingRow.id == setting_id)).first()
    if row is None:
        raise NotFoundError
    return _setting(row)


def settings_of(session: Session, provider_ids: Iterable[str]) -> list[SettingCard]:
    """Return the settings of providers, by name."""
    rows = select(*_SETTING).where(SettingRow.provider_id.in_(list(provider_ids)))
    return [_setting(row) for row in session.execute(rows.order_by(SettingRow.name, SettingRow.id))]


def candidates(session: Session, lot_id: str, on: date) -> list[Candidate]:
    """Return every setting of the lot's framework with all that eligibility on that day needs, by name.

    One query, however many settings there are. Raises NotFoundError for an unknown lot.
    """
    framework_id = framework_id_of(session, lot_id)
    of_framework = (
        select(SettingOnLotRow.setting_id)
        .join(LotRow, LotRow.id == SettingOnLotRow.lot_id)
        .where(LotRow.framework_id == framework_id)
    )
    rows = session.execute(
        select(*_SETTING, _status(SettingRow.id, lot_id, on), _DOCUMENT.kind, _DOCUMENT.valid_until)
        .outerjoin(DocumentRow.__table__, _DOCUMENT.setting_id == SettingRow.id)
        .where(SettingRow.id.in_(of_framework))
        .order_by(SettingRow.name, SettingRow.id, *_OLDEST_FIRST)
    )
    return _gathered(rows)


_DOCUMENT = DocumentRow.__table__.c
_OLDEST_FIRST = (_DOCUMENT.recorded_at, _DOCUMENT.id)


def _status(setting_id: InstrumentedAttribute[str] | str, lot_id: str, on: date) -> ScalarSelect[str]:
    """The status of a setting on a lot on a day: found through the keys, setting by setting."""
    change = StatusChangeRow
    return (
        select(change.to_status)
        .join(SettingOnLotRow, SettingOnLotRow.id == change.setting_on_lot_id)
        .where(
            SettingOnLotRow.setting_id == setting_id,
            SettingOnLotRow.lot_id == lot_id,
            change.effective_on <= on,
            or_(change.until.is_(None), change.until > on),
        )
        .scalar_subquery()
    )


def _gathered(rows: Iterable[Iterable[Any]]) -> list[Candidate]:
    """Fold the rows, one a document and the newest of a kind last, into one candidate a setting."""
    found: list[Candidate] = []
    held: dict[DocumentKind, date | None] = {}
    last = None
    for *values, status, document, valid_until in rows:
        if values[0] != last:
            last, held = values[0], {}
            found.append(Candidate(_setting(values), Status(status) if status else None, held))
        if document is not None:
            held[DocumentKind(document)] = valid_until
    return found


def status_on(session: Session, setting_id: str, lot_id: str, on: date) -> Status | None:
    """Return where a setting stands on a lot on that day, or None where it is not on the lot."""
    status = session.scalar(select(_status(setting_id, lot_id, on)))
    return Status(status) if status else None


def status_history(session: Session, setting_id: str, lot_id: str) -> list[StatusChange]:
    """Return every step that a setting has taken on a lot, the first one first."""
    rows = (
        select(StatusChangeRow)
        .join(SettingOnLotRow, SettingOnLotRow.id == StatusChangeRow.setting_on_lot_id)
        .where(SettingOnLotRow.setting_id == setting_id, SettingOnLotRow.lot_id == lot_id)
        .order_by(StatusChangeRow.number)
    )
    return [
        StatusChange(
            Status(row.from_status) if row.from_status else None,
            Status(row.to_status),
            row.effective_on,
            row.recorded_at,
            row.actor_id,
            row.reason,
            row.until,
            row.document_id,
        )
        for row in session.scalars(rows)
    ]


def newest_documents(session: Session, setting_id: str) -> dict[DocumentKind, date | None]:
    """Return for each kind of document that a setting holds the last day of the newest, None standing for no end."""
    rows = select(DocumentRow.kind, DocumentRow.valid_until).where(DocumentRow.setting_id == setting_id)
    return {DocumentKind(kind): until for kind, until in session.execute(rows.order_by(*_OLDEST_FIRST))}
