from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Row, Subquery, and_, func, or_, select
from sqlalchemy.orm import Session

from fps.model import (
    Candidate,
    DocumentKind,
    FrameworkCard,
    Intake,
    LotCard,
    Regime,
    SettingCard,
    SettingKind,
    Status,
    StatusChange,
)
from fps.tables import (
    DocumentRow,
    FrameworkRow,
    LotRow,
    MembershipRow,
    SettingOnLotRow,
    SettingRow,
    StatusChangeRow,
)
from kernel.errors import NotFoundError


def _framework(row: FrameworkRow) -> FrameworkCard:
    return FrameworkCard(row.id, row.name, Regime(row.regime), row.lead_id, row.starts_on, row.ends_on, row.terms)


def _lot(row: LotRow) -> LotCard:
    required = tuple(DocumentKind(kind) for kind in row.required_documents)
    return LotCard(row.id, row.framework_id, row.number, row.name, required)


def _setting(row: SettingRow | Row[*tuple[Any, ...]]) -> SettingCard:
    return SettingCard(
        row.id,
        row.name,
        row.provider_id,
        row.urn,
        SettingKind(row.kind),
        row.age_from,
        row.age_to,
        Intake(row.intake),
        row.district,
        row.referral_contact_id,
    )


def framework(session: Session, framework_id: str) -> FrameworkCard:
    """Return a framework; raises NotFoundError."""
    row = session.get(FrameworkRow, framework_id)
    if row is None:
        raise NotFoundError
    return _framework(row)


def frameworks_of(session: Session, council_id: str, on: date) -> list[FrameworkCard]:
    """Return the frameworks through which a council may buy on that day, by name."""
    memberships = select(MembershipRow.framework_id).where(
        MembershipRow.council_id == council_id,
        MembershipRow.since <= on,
        or_(MembershipRow.until.is_(None), MembershipRow.until >= on),
    )
    rows = select(FrameworkRow).where(
        FrameworkRow.id.in_(memberships), FrameworkRow.starts_on <= on, FrameworkRow.ends_on >= on
    )
    return [_framework(row) for row in session.scalars(rows.order_by(FrameworkRow.name))]


def lot(session: Session, lot_id: str) -> LotCard:
    """Return a lot; raises NotFoundError."""
    row = session.get(LotRow, lot_id)
    if row is None:
        raise NotFoundError
    return _lot(row)


def lots(session: Session, framework_ids: Iterable[str]) -> list[LotCard]:
    """Return the lots of frameworks, in the order of their numbers."""
    rows = select(LotRow).where(LotRow.framework_id.in_(list(framework_ids)))
    return [_lot(row) for row in session.scalars(rows.order_by(LotRow.framework_id, LotRow.number))]


def lots_by_id(session: Session, lot_ids: Iterable[str]) -> dict[str, LotCard]:
    """Return the lots of these ids, by id; unknown ids are left out."""
    rows = session.scalars(select(LotRow).where(LotRow.id.in_(list(lot_ids))))
    return {row.id: _lot(row) for row in rows}


def setting(session: Session, setting_id: str) -> SettingCard:
    """Return a setting; raises NotFoundError."""
    row = session.get(SettingRow, setting_id)
    if row is None:
        raise NotFoundError
    return _setting(row)


def settings_of(session: Session, provider_ids: Iterable[str]) -> list[SettingCard]:
    """Return the settings of providers, by name."""
    rows = select(SettingRow).where(SettingRow.provider_id.in_(list(provider_ids)))
    return [_setting(row) for row in session.scalars(rows.order_by(SettingRow.name, SettingRow.id))]


def candidates(session: Session, lot_id: str, on: date) -> list[Candidate]:
    """Return every setting of the lot's framework with all that eligibility on that day needs, by name.

    One query, however many settings there are. Raises NotFoundError for an unknown lot.
    """
    framework_id = lot(session, lot_id).framework_id
    on_lot, held = _standing(lot_id, on), _newest_documents()
    of_framework = (
        select(SettingOnLotRow.setting_id)
        .join(LotRow, LotRow.id == SettingOnLotRow.lot_id)
        .where(LotRow.framework_id == framework_id)
    )
    rows = session.execute(
        select(
            *SettingRow.__table__.c,
            on_lot.c.to_status,
            held.c.kind.label("document"),
            held.c.valid_until,
        )
        .outerjoin(on_lot, on_lot.c.setting_id == SettingRow.id)
        .outerjoin(held, and_(held.c.setting_id == SettingRow.id, held.c.place == 1))
        .where(SettingRow.id.in_(of_framework))
        .order_by(SettingRow.name, SettingRow.id)
    )
    return _gathered(rows)


def _standing(lot_id: str, on: date) -> Subquery:
    """For each setting on the lot its status on that day."""
    change = StatusChangeRow
    ranked = (
        select(
            SettingOnLotRow.setting_id,
            change.to_status,
            func.row_number().over(partition_by=change.setting_on_lot_id, order_by=change.number.desc()).label("place"),
        )
        .join(SettingOnLotRow, SettingOnLotRow.id == change.setting_on_lot_id)
        .where(SettingOnLotRow.lot_id == lot_id, change.effective_on <= on)
        .subquery()
    )
    return select(ranked.c.setting_id, ranked.c.to_status).where(ranked.c.place == 1).subquery()


def _newest_documents() -> Subquery:
    newest_first = (DocumentRow.recorded_at.desc(), DocumentRow.id.desc())
    return select(
        DocumentRow.setting_id,
        DocumentRow.kind,
        DocumentRow.valid_until,
        func.row_number()
        .over(partition_by=(DocumentRow.setting_id, DocumentRow.kind), order_by=newest_first)
        .label("place"),
    ).subquery()


def _gathered(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[Candidate]:
    """Fold the rows, one a document, into one candidate a setting."""
    found: dict[str, tuple[SettingCard, Status | None]] = {}
    documents: dict[str, dict[DocumentKind, date | None]] = {}
    for row in rows:
        if row.id not in found:
            found[row.id] = (_setting(row), Status(row.to_status) if row.to_status else None)
        held = documents.setdefault(row.id, {})
        if row.document is not None:
            held[DocumentKind(row.document)] = row.valid_until
    return [Candidate(card, status, documents[setting_id]) for setting_id, (card, status) in found.items()]


def status_on(session: Session, setting_id: str, lot_id: str, on: date) -> Status | None:
    """Return where a setting stands on a lot on that day, or None where it is not on the lot."""
    standing = _standing(lot_id, on)
    status = session.scalar(select(standing.c.to_status).where(standing.c.setting_id == setting_id))
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
        )
        for row in session.scalars(rows)
    ]


def newest_documents(session: Session, setting_id: str) -> dict[DocumentKind, date | None]:
    """Return for each kind of document that a setting holds the last day of the newest, None standing for no end."""
    held = _newest_documents()
    rows = session.execute(
        select(held.c.kind, held.c.valid_until).where(held.c.setting_id == setting_id, held.c.place == 1)
    )
    return {DocumentKind(kind): valid_until for kind, valid_until in rows}
