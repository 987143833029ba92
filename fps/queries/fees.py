from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from fps.model import LotCard
from fps.model.fees import FeeCard, FeeKind, FeeLine, Unit
from fps.queries.frameworks import holds_on, lots_by_id
from fps.tables import FeeRow, FrameworkRow, LotRow, MembershipRow, SettingOnLotRow, SettingRow
from kernel.errors import NotFoundError
from people.queries import organisations_by_id


@dataclass(frozen=True)
class WantedFees:
    """Which prices that hold on a day: those that meet everything that is given."""

    on: date
    lot_id: str | None = None
    kind: FeeKind | None = None
    unit: Unit | None = None
    district: str | None = None
    setting_id: str | None = None


def fee_card(row: FeeRow) -> FeeCard:
    """Make a card of a row of this package."""
    return FeeCard(
        row.id,
        row.setting_id,
        row.lot_id,
        FeeKind(row.kind),
        row.band,
        Unit(row.unit),
        row.amount,
        row.valid_from,
        row.valid_until,
        row.recorded_by,
        row.recorded_at,
        row.withdrawn_at,
    )


def lots_bought(session: Session, council_ids: Sequence[str], today: date) -> list[LotCard]:
    """Return the lots through which councils may buy today, by framework and number: those whose prices they read."""
    buys = select(MembershipRow.framework_id).where(
        MembershipRow.council_id.in_(council_ids), holds_on(MembershipRow.since, MembershipRow.until, today)
    )
    return _lots(session, LotRow.framework_id.in_(buys))


def lots_compared(session: Session, organisation_ids: Sequence[str], today: date) -> list[LotCard]:
    """Return the lots whose benchmarks councils read: where they may buy today, and of frameworks that they lead."""
    buys = select(MembershipRow.framework_id).where(
        MembershipRow.council_id.in_(organisation_ids), holds_on(MembershipRow.since, MembershipRow.until, today)
    )
    leads = select(FrameworkRow.id).where(FrameworkRow.lead_id.in_(organisation_ids))
    return _lots(session, LotRow.framework_id.in_(buys) | LotRow.framework_id.in_(leads))


def _lots(session: Session, condition: ColumnElement[bool]) -> list[LotCard]:
    rows = select(LotRow.id).where(condition).order_by(LotRow.framework_id, LotRow.number, LotRow.since)
    ids = list(session.scalars(rows))
    cards = lots_by_id(session, ids)
    return [cards[lot_id] for lot_id in ids]


def fees_of(session: Session, setting_id: str, lot_ids: Iterable[str] | None = None) -> list[FeeCard]:
    """Return every price of a setting that was not withdrawn: by lot, kind, band and unit, the newest first."""
    rows = select(FeeRow).where(FeeRow.setting_id == setting_id, FeeRow.withdrawn_at.is_(None))
    if lot_ids is not None:
        rows = rows.where(FeeRow.lot_id.in_(list(lot_ids)))
    ordered = rows.order_by(FeeRow.lot_id, FeeRow.kind, FeeRow.band, FeeRow.unit, FeeRow.valid_from.desc())
    return [fee_card(row) for row in session.scalars(ordered)]


def fee(session: Session, fee_id: str) -> FeeCard:
    """Return one price; raises NotFoundError."""
    row = session.get(FeeRow, fee_id)
    if row is None:
        raise NotFoundError
    return fee_card(row)


def lots_of_setting(session: Session, setting_id: str) -> list[LotCard]:
    """Return the lots on which a setting stands or has stood, by number."""
    ids = list(session.scalars(select(SettingOnLotRow.lot_id).where(SettingOnLotRow.setting_id == setting_id)))
    return sorted(lots_by_id(session, ids).values(), key=lambda card: (card.framework_id, card.number, card.id))


def fee_lines(
    session: Session, lot_ids: Sequence[str], wanted: WantedFees, *, offset: int = 0, limit: int = 25
) -> tuple[list[FeeLine], int]:
    """Return a page of the prices on these lots that hold on the day, by setting, and how many there are in all."""
    rows = _holding(lot_ids, wanted)
    total = session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    ordered = rows.order_by(SettingRow.name, FeeRow.lot_id, FeeRow.kind, FeeRow.band, FeeRow.unit, FeeRow.id)
    return _lines(session, ordered.offset(offset).limit(limit)), total


def every_fee_line(session: Session, lot_ids: Sequence[str], wanted: WantedFees) -> list[FeeLine]:
    """Return all prices on these lots that hold on the day, for a file."""
    return _lines(session, _holding(lot_ids, wanted).order_by(SettingRow.name, FeeRow.lot_id, FeeRow.kind, FeeRow.id))


def fees_after(
    session: Session, lot_ids: Sequence[str], wanted: WantedFees, after: str | None, limit: int
) -> list[FeeCard]:
    """Return the next prices by id."""
    rows = _holding(lot_ids, wanted).order_by(FeeRow.id).limit(limit)
    found = session.execute(rows if after is None else rows.where(FeeRow.id > after))
    return [fee_card(row) for row, *_ in found]


def districts(session: Session, lot_ids: Sequence[str]) -> list[str]:
    """Return the districts in which settings on these lots are, by name."""
    on_lots = select(SettingOnLotRow.setting_id).where(SettingOnLotRow.lot_id.in_(lot_ids))
    rows = select(SettingRow.district).where(SettingRow.id.in_(on_lots)).distinct()
    return list(session.scalars(rows.order_by(SettingRow.district)))


def _holding(lot_ids: Sequence[str], wanted: WantedFees) -> Select[FeeRow, str, str, str]:
    rows = (
        select(FeeRow, SettingRow.name, SettingRow.district, SettingRow.provider_id)
        .join(SettingRow, SettingRow.id == FeeRow.setting_id)
        .where(
            FeeRow.lot_id.in_(lot_ids),
            FeeRow.withdrawn_at.is_(None),
            holds_on(FeeRow.valid_from, FeeRow.valid_until, wanted.on),
        )
    )
    for column, value in (
        (FeeRow.lot_id, wanted.lot_id),
        (FeeRow.kind, wanted.kind),
        (FeeRow.unit, wanted.unit),
        (FeeRow.setting_id, wanted.setting_id),
        (SettingRow.district, wanted.district),
    ):
        if value is not None:
            rows = rows.where(column == value)
    return rows


def _lines(session: Session, rows: Select[FeeRow, str, str, str]) -> list[FeeLine]:
    found = session.execute(rows).all()
    providers = organisations_by_id(session, {provider_id for *_, provider_id in found})
    lots = lots_by_id(session, {row.lot_id for row, *_ in found})
    return [
        FeeLine(fee_card(row), name, district, providers[provider_id].name, lots[row.lot_id].title)
        for row, name, district, provider_id in found
    ]
