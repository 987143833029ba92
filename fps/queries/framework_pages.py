from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fps.model import FrameworkCard, Status
from fps.model.frameworks import (
    ChangeKind,
    Days,
    ExtensionOption,
    FrameworkChange,
    FrameworkUser,
    Member,
    Requirement,
)
from fps.queries.frameworks import framework_card, holds_on
from fps.tables import (
    ExtensionOptionRow,
    FrameworkChangeRow,
    FrameworkRow,
    FrameworkUserRow,
    LotDocumentRow,
    LotKindRow,
    LotRow,
    MembershipRow,
    SettingOnLotRow,
    StatusChangeRow,
)


class Phase(StrEnum):
    """Where a framework stands in its term."""

    RUNNING = "running"
    COMING = "coming"
    ENDED = "ended"


@dataclass(frozen=True)
class FrameworkListed:
    """A line of the list of frameworks; lots and members are those of the day."""

    card: FrameworkCard
    lots: int
    members: int


def phase_of(card: FrameworkCard, on: date) -> Phase:
    """Return where a framework stands in its term on a day."""
    if on < card.starts_on:
        return Phase.COMING
    return Phase.ENDED if card.ends_on < on else Phase.RUNNING


def frameworks_listed(
    session: Session,
    on: date,
    phase: Phase | None = None,
    *,
    led_by: Collection[str] = (),
    offset: int = 0,
    limit: int = 25,
) -> tuple[list[FrameworkListed], int]:
    """Return a page of the frameworks with what they hold on the day, and how many there are in all.

    Those that one of `led_by` leads come first, the others after them, by name.
    """
    wanted = [] if phase is None else [_in_phase(phase, on)]
    total = session.scalar(select(func.count()).select_from(FrameworkRow).where(*wanted)) or 0
    lots = select(func.count()).where(LotRow.framework_id == FrameworkRow.id, holds_on(LotRow.since, LotRow.until, on))
    members = select(func.count()).where(
        MembershipRow.framework_id == FrameworkRow.id, holds_on(MembershipRow.since, MembershipRow.until, on)
    )
    rows = (
        select(FrameworkRow, lots.scalar_subquery(), members.scalar_subquery())
        .where(*wanted)
        .order_by(FrameworkRow.lead_id.not_in(led_by), func.lower(FrameworkRow.name), FrameworkRow.id)
    )
    found = session.execute(rows.offset(offset).limit(limit))
    return [FrameworkListed(framework_card(row), lots, members) for row, lots, members in found], total


def members_of(session: Session, framework_id: str) -> list[Member]:
    """Return the memberships of a framework, those that ended among them, in the order in which they began."""
    row = MembershipRow
    rows = select(row.council_id, row.since, row.until).where(row.framework_id == framework_id)
    return [
        Member(council_id, Days(since, until))
        for council_id, since, until in session.execute(rows.order_by(row.since, row.council_id))
    ]


def users_of(session: Session, framework_id: str) -> list[FrameworkUser]:
    """Return who besides the councils may use a framework, or might, by name."""
    row = FrameworkUserRow
    rows = select(row).where(row.framework_id == framework_id).order_by(func.lower(row.name), row.since)
    return [FrameworkUser(one.id, one.name, Days(one.since, one.until)) for one in session.scalars(rows)]


def options_of(session: Session, framework_id: str) -> list[ExtensionOption]:
    """Return the extension options of a framework's contract, in its order."""
    row = ExtensionOptionRow
    rows = select(row).where(row.framework_id == framework_id).order_by(row.number)
    return [ExtensionOption(one.id, one.number, one.months, one.note, one.taken_on) for one in session.scalars(rows)]


def requirements_of(session: Session, lot_id: str) -> tuple[list[Requirement], list[Requirement]]:
    """Return the kinds of setting that a lot has taken and the documents that it has asked for, on all its days."""
    return _requirements(session, LotKindRow, lot_id), _requirements(session, LotDocumentRow, lot_id)


def standing_counts(session: Session, framework_id: str) -> Mapping[str, Mapping[Status, int]]:
    """Count by lot and status who stands on the lots of a framework after their last step; nobody who has left."""
    rows = (
        select(LotRow.id, StatusChangeRow.to_status, func.count())
        .join(SettingOnLotRow, SettingOnLotRow.lot_id == LotRow.id)
        .join(StatusChangeRow, StatusChangeRow.setting_on_lot_id == SettingOnLotRow.id)
        .where(
            LotRow.framework_id == framework_id,
            StatusChangeRow.until.is_(None),
            StatusChangeRow.to_status != Status.EXITED,
        )
        .group_by(LotRow.id, StatusChangeRow.to_status)
    )
    found: dict[str, dict[Status, int]] = defaultdict(dict)
    for lot_id, status, count in session.execute(rows):
        found[lot_id][Status(status)] = count
    return found


def framework_history(
    session: Session, framework_id: str, *, offset: int = 0, limit: int = 25
) -> tuple[list[FrameworkChange], int]:
    """Return a page of what has happened to a framework, the latest first, and how much there is in all."""
    row = FrameworkChangeRow
    total = session.scalar(select(func.count()).where(row.framework_id == framework_id)) or 0
    rows = select(row).where(row.framework_id == framework_id).order_by(row.number.desc())
    return [
        FrameworkChange(ChangeKind(one.what), one.lot_id, one.details, one.reason, one.recorded_at, one.actor_id)
        for one in session.scalars(rows.offset(offset).limit(limit))
    ], total


def _in_phase(phase: Phase, on: date) -> ColumnElement[bool]:
    if phase is Phase.COMING:
        return FrameworkRow.starts_on > on
    if phase is Phase.ENDED:
        return FrameworkRow.ends_on < on
    return (FrameworkRow.starts_on <= on) & (FrameworkRow.ends_on >= on)


def _requirements(session: Session, table: type[LotKindRow | LotDocumentRow], lot_id: str) -> list[Requirement]:
    rows = select(table.kind, table.since, table.until).where(table.lot_id == lot_id)
    found = session.execute(rows.order_by(table.since, table.kind))
    return [Requirement(row.kind, Days(row.since, row.until)) for row in found]
