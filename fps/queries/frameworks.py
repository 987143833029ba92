from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import ColumnElement, Select, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from fps.model import DocumentKind, FrameworkCard, LotCard, Regime, SettingKind
from fps.tables import FrameworkRow, LotDocumentRow, LotKindRow, LotRow, MembershipRow
from kernel.errors import NotFoundError

_KIND, _DOCUMENT = "kind", "document"


def framework(session: Session, framework_id: str) -> FrameworkCard:
    """Return a framework; raises NotFoundError."""
    row = session.get(FrameworkRow, framework_id)
    if row is None:
        raise NotFoundError
    return framework_card(row)


def frameworks_of(session: Session, council_id: str, on: date) -> list[FrameworkCard]:
    """Return the frameworks through which a council may buy on that day, by name."""
    memberships = select(MembershipRow.framework_id).where(
        MembershipRow.council_id == council_id, holds_on(MembershipRow.since, MembershipRow.until, on)
    )
    rows = select(FrameworkRow).where(
        FrameworkRow.id.in_(memberships), FrameworkRow.starts_on <= on, FrameworkRow.ends_on >= on
    )
    return [framework_card(row) for row in session.scalars(rows.order_by(FrameworkRow.name))]


def lot(session: Session, lot_id: str, on: date | None = None) -> LotCard:
    """Return a lot with what it takes and asks for on that day; raises NotFoundError.

    Without a day: by the latest that has been decided, which may hold from a day to come.
    """
    row = session.get(LotRow, lot_id)
    if row is None:
        raise NotFoundError
    return _cards(session, [row], on)[0]


def framework_id_of(session: Session, lot_id: str) -> str:
    """Return the framework of a lot; raises NotFoundError."""
    framework_id = session.scalar(select(LotRow.framework_id).where(LotRow.id == lot_id))
    if framework_id is None:
        raise NotFoundError
    return framework_id


def lots(session: Session, framework_ids: Iterable[str], on: date | None = None) -> list[LotCard]:
    """Return the lots of frameworks that are open on that day, in the order of their numbers.

    Without a day: those for which no last day is set, with the latest that has been decided of each.
    """
    rows = select(LotRow).where(LotRow.framework_id.in_(list(framework_ids)), holds_on(LotRow.since, LotRow.until, on))
    ordered = rows.order_by(LotRow.framework_id, LotRow.number, LotRow.since)
    return _cards(session, list(session.scalars(ordered)), on)


def lots_by_id(session: Session, lot_ids: Iterable[str], on: date | None = None) -> dict[str, LotCard]:
    """Return the lots of these ids, open or not, by id; unknown ids are left out."""
    rows = session.scalars(select(LotRow).where(LotRow.id.in_(list(lot_ids))))
    return {card.id: card for card in _cards(session, list(rows), on)}


def all_lots(session: Session, framework_id: str, on: date | None = None) -> list[LotCard]:
    """Return every lot that a framework has, has had or will have, by number and first day."""
    rows = select(LotRow).where(LotRow.framework_id == framework_id).order_by(LotRow.number, LotRow.since)
    return _cards(session, list(session.scalars(rows)), on)


def framework_card(row: FrameworkRow) -> FrameworkCard:
    """Make a card of a row of this package."""
    return FrameworkCard(
        row.id,
        row.name,
        Regime(row.regime),
        row.lead_id,
        row.starts_on,
        row.ends_on,
        row.terms,
        row.contract,
        row.ocid,
        tuple(row.notices),
        row.approval_panel,
        row.edition,
    )


def holds_on(
    since: InstrumentedAttribute[date], until: InstrumentedAttribute[date | None], on: date | None
) -> ColumnElement[bool]:
    """Say that a stretch of days, both ends included, holds the day; without a day, that no end is set."""
    if on is None:
        return until.is_(None)
    return (since <= on) & or_(until.is_(None), until >= on)


def _cards(session: Session, rows: list[LotRow], on: date | None) -> list[LotCard]:
    found = _requirements(session, [row.id for row in rows], on)
    return [
        LotCard(
            row.id,
            row.framework_id,
            row.number,
            row.name,
            tuple(kind for kind in DocumentKind if kind in found[row.id, _DOCUMENT]),
            row.since,
            row.until,
            tuple(kind for kind in SettingKind if kind in found[row.id, _KIND]),
            row.replaces_id,
            row.price_band,
        )
        for row in rows
    ]


def _requirements(session: Session, lot_ids: list[str], on: date | None) -> Mapping[tuple[str, str], set[str]]:
    """Return of each lot the kinds of setting and of document, in one query however many lots there are."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    asked = union_all(_of_lots(LotKindRow, _KIND, lot_ids, on), _of_lots(LotDocumentRow, _DOCUMENT, lot_ids, on))
    for row in session.execute(asked):
        found[row.lot_id, row.which].add(row.kind)
    return found


def _of_lots(
    table: type[LotKindRow | LotDocumentRow], which: str, lot_ids: list[str], on: date | None
) -> Select[str, str, str]:
    return select(table.lot_id, literal(which).label("which"), table.kind).where(
        table.lot_id.in_(lot_ids), holds_on(table.since, table.until, on)
    )
