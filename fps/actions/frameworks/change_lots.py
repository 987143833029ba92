from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import select

from fps.actions.frameworks.hold_framework import Noted, hold_framework, note_change
from fps.actions.frameworks.move_settings import count_standing, hold_standing, move_settings
from fps.actions.frameworks.write_lot import write_lot
from fps.model import DocumentKind, LotCard, NewLot, SettingKind
from fps.model.frameworks import ChangeKind, Days, Requirement
from fps.queries.frameworks import all_lots, framework_card, lot
from fps.rules.frameworks import (
    check_all_taken,
    check_from,
    check_kinds,
    check_last_day,
    check_lot_days,
    check_nobody_stands,
    check_number,
    check_reason,
    check_replaceable,
    check_words,
    day_before,
    shift,
)
from fps.tables import FrameworkRow, LotDocumentRow, LotKindRow, LotRow
from kernel.calendar import london_date
from kernel.errors import NotFoundError
from kernel.work import Work
from people.model import Actor

LONGEST_NAME, LONGEST_BAND = 200, 40
_Row = TypeVar("_Row", LotKindRow, LotDocumentRow)


@dataclass(frozen=True)
class Lots:
    """Whose lots are changed, as they were seen, and why."""

    framework_id: str
    edition: int
    reason: str


@dataclass(frozen=True)
class Terms:
    """What a lot takes and asks for, and its national price band, if the law knows one (C9)."""

    kinds: Collection[SettingKind]
    documents: Collection[DocumentKind]
    price_band: str = ""


def add_lot(work: Work, actor: Actor, of: Lots, new: NewLot, *, replaces_id: str | None = None) -> str:
    """Add a lot to a framework and return its id; `replaces_id` names an ended lot whose place it takes.

    Raises as hold_framework does, and InvalidInputError for a number that is taken, days outside the framework's
    term, no kinds, or no reason.
    """
    row = hold_framework(work, actor, of.framework_id, of.edition)
    reason = check_reason(of.reason)
    since = new.since or london_date(work.now)
    name = _check_new(work, row, new, Days(since, new.until))
    if replaces_id is not None:
        _lot_of(work, row.id, replaces_id)
    named = NewLot(new.number, name, new.required_documents, new.kinds, since, new.until)
    lot_id = write_lot(work, row.id, named, since, replaces_id)
    details = {"number": new.number, "since": since.isoformat(), "replaces_id": replaces_id}
    note_change(work, actor, row.id, Noted(ChangeKind.LOT_ADDED, lot_id, details, reason))
    return lot_id


def end_lot(work: Work, actor: Actor, of: Lots, lot_id: str, until: date) -> None:
    """Set the last day of a lot on which nobody stands.

    Raises as hold_framework does, InvalidInputError for a day that has passed or no reason, ConflictError for a lot
    that has ended or on which settings stand: they are decommissioned first, or move with replace_lot.
    """
    row = hold_framework(work, actor, of.framework_id, of.edition)
    reason = check_reason(of.reason)
    card = _lot_of(work, row.id, lot_id)
    check_last_day(until, london_date(work.now), card)
    held = _held(work, lot_id)
    check_nobody_stands(card, count_standing(work, lot_id))
    held.until = until
    note_change(work, actor, row.id, Noted(ChangeKind.LOT_ENDED, lot_id, {"until": until.isoformat()}, reason))


def replace_lot(work: Work, actor: Actor, of: Lots, lot_id: str, new: NewLot) -> str:
    """Put a new lot in the place of another from today on, move to it who stands there, and return its id.

    Raises as hold_framework does, InvalidInputError as add_lot does and for a lot that would not take who moves,
    ConflictError for a lot that is not open, or with settings that cannot move as they stand.
    """
    row = hold_framework(work, actor, of.framework_id, of.edition)
    reason = check_reason(of.reason)
    today = london_date(work.now)
    card = _lot_of(work, row.id, lot_id)
    check_replaceable(card, today)
    held = _held(work, lot_id)
    moving = hold_standing(work, card)
    held.until = day_before(today)
    work.session.flush()
    name = _check_new(work, row, new, Days(today))
    check_all_taken(new.kinds, [(one.name, one.kind) for one in moving])
    named = NewLot(new.number, name, new.required_documents, new.kinds)
    new_id = write_lot(work, row.id, named, today, lot_id)
    moved = lot(work.session, new_id, today)
    move_settings(work, actor.id, moving, card, moved)
    details = {"number": new.number, "old_lot_id": lot_id, "moved": len(moving)}
    note_change(work, actor, row.id, Noted(ChangeKind.LOT_REPLACED, new_id, details, reason))
    return new_id


def change_lot(work: Work, actor: Actor, of: Lots, lot_id: str, terms: Terms, since: date) -> None:
    """Change what a lot takes and asks for from a day on; what has held until then stays on record.

    Raises as hold_framework does, and InvalidInputError for a day that has passed, no kinds, or no reason.
    """
    row = hold_framework(work, actor, of.framework_id, of.edition)
    reason = check_reason(of.reason)
    card = _lot_of(work, row.id, lot_id)
    check_from(since, london_date(work.now), card)
    check_kinds(terms.kinds)
    _shift(work, LotKindRow, lot_id, terms.kinds, since)
    _shift(work, LotDocumentRow, lot_id, terms.documents, since)
    band = " ".join(terms.price_band.split())
    found = work.session.get_one(LotRow, lot_id)
    found.price_band = check_words("price_band", "a price band", band, LONGEST_BAND) if band else None
    details = {
        "since": since.isoformat(),
        "kinds": sorted(terms.kinds),
        "documents": sorted(terms.documents),
    }
    note_change(work, actor, row.id, Noted(ChangeKind.LOT_CHANGED, lot_id, details, reason))


def _check_new(work: Work, row: FrameworkRow, new: NewLot, days: Days) -> str:
    """Check a lot to be and return its name without needless blanks."""
    check_lot_days(framework_card(row), days)
    check_number(new.number, days, all_lots(work.session, row.id))
    check_kinds(new.kinds)
    return check_words("name", "a name", new.name, LONGEST_NAME)


def _lot_of(work: Work, framework_id: str, lot_id: str) -> LotCard:
    """Return a lot of the framework; raises NotFoundError."""
    card = lot(work.session, lot_id)
    if card.framework_id != framework_id:
        raise NotFoundError
    return card


def _held(work: Work, lot_id: str) -> LotRow:
    """Hold a lot until the end of the work: whoever joins it meanwhile waits, and then finds it ended."""
    return work.session.scalars(select(LotRow).where(LotRow.id == lot_id).with_for_update()).one()


def _shift(work: Work, table: type[_Row], lot_id: str, wanted: Collection[str], since: date) -> None:
    rows = {(row.kind, row.since): row for row in work.session.scalars(select(table).where(table.lot_id == lot_id))}
    held = [Requirement(row.kind, Days(row.since, row.until)) for row in rows.values()]
    step = shift(held, wanted, since)
    for one in step.dropped:
        work.session.delete(rows[one.kind, one.days.since])
    for one in step.ended:
        rows[one.kind, one.days.since].until = day_before(since)
    for one in step.reopened:
        rows[one.kind, one.days.since].until = None
    work.session.flush()
    work.session.add_all(table(lot_id=lot_id, kind=kind, since=since) for kind in dict.fromkeys(step.begun))
    work.session.flush()
