"""The register as programs read it: by keys, page after page, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from fps.model import FrameworkCard, SettingCard, SettingKind, Status
from fps.model.rounds import RoundCard
from fps.queries.candidates import counts_on
from fps.queries.frameworks import framework_card, holds_on
from fps.queries.rounds import round_card
from fps.queries.settings import SETTING, setting_card
from fps.tables import FrameworkRow, LotRow, MembershipRow, RoundRow, SettingOnLotRow, SettingRow, StatusChangeRow


@dataclass(frozen=True)
class WantedSettings:
    """Which settings: those that meet everything that is given, as the register stood on a day.

    `council_id` asks for those on a lot through which that council may buy on the day; `changed_since` for those of
    which a step was recorded at that moment or later.
    """

    on: date
    framework_id: str | None = None
    lot_id: str | None = None
    status: Status | None = None
    kind: SettingKind | None = None
    council_id: str | None = None
    provider_id: str | None = None
    changed_since: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """Where a setting stands on a lot on a day, and since when."""

    lot_id: str
    status: Status
    since: date


@dataclass(frozen=True)
class Step:
    """One step of a setting on a lot, without who took it and why: that is for people to read."""

    lot_id: str
    number: int
    from_status: Status | None
    to_status: Status
    effective_on: date
    recorded_at: datetime


@dataclass(frozen=True)
class Member:
    """The days on which a council may buy through a framework, both included; no end while `until` is None (C2)."""

    council_id: str
    since: date
    until: date | None


def _member_on(council_id: str, on: date) -> ColumnElement[bool]:
    buys = select(MembershipRow.framework_id).where(
        MembershipRow.council_id == council_id, holds_on(MembershipRow.since, MembershipRow.until, on)
    )
    return LotRow.framework_id.in_(buys)


def _stands(wanted: WantedSettings) -> ColumnElement[bool]:
    """The condition that a setting stands on a lot as it is wanted."""
    asked = [SettingOnLotRow.setting_id == SettingRow.id, counts_on(wanted.on)]
    if wanted.framework_id is not None:
        asked.append(LotRow.framework_id == wanted.framework_id)
    if wanted.lot_id is not None:
        asked.append(LotRow.id == wanted.lot_id)
    if wanted.status is not None:
        asked.append(StatusChangeRow.to_status == wanted.status)
    if wanted.council_id is not None:
        asked.append(_member_on(wanted.council_id, wanted.on))
    rows = select(SettingOnLotRow.id).join(LotRow, LotRow.id == SettingOnLotRow.lot_id)
    return exists(rows.join(StatusChangeRow, StatusChangeRow.setting_on_lot_id == SettingOnLotRow.id).where(*asked))


def _wanted(wanted: WantedSettings) -> list[ColumnElement[bool]]:
    asked = [_stands(wanted)]
    if wanted.kind is not None:
        asked.append(SettingRow.kind == wanted.kind)
    if wanted.provider_id is not None:
        asked.append(SettingRow.provider_id == wanted.provider_id)
    if wanted.changed_since is not None:
        stepped = select(SettingOnLotRow.setting_id).join(
            StatusChangeRow, StatusChangeRow.setting_on_lot_id == SettingOnLotRow.id
        )
        asked.append(SettingRow.id.in_(stepped.where(StatusChangeRow.recorded_at >= wanted.changed_since)))
    return asked


def settings_after(
    session: Session, wanted: WantedSettings, after: str | None, limit: int
) -> list[tuple[SettingCard, tuple[Standing, ...]]]:
    """Return the next settings by id, each with where it stands that day; in two queries."""
    rows = select(*SETTING).where(*_wanted(wanted))
    if after is not None:
        rows = rows.where(SettingRow.id > after)
    cards = [setting_card(row) for row in session.execute(rows.order_by(SettingRow.id).limit(limit))]
    standings = standings_of(session, [card.id for card in cards], wanted.on)
    return [(card, standings.get(card.id, ())) for card in cards]


def standings_of(session: Session, setting_ids: Iterable[str], on: date) -> dict[str, tuple[Standing, ...]]:
    """Return where settings stand on a day, lot by lot; a setting that stands nowhere is left out."""
    rows = (
        select(
            SettingOnLotRow.setting_id, SettingOnLotRow.lot_id, StatusChangeRow.to_status, StatusChangeRow.effective_on
        )
        .join(StatusChangeRow, StatusChangeRow.setting_on_lot_id == SettingOnLotRow.id)
        .where(SettingOnLotRow.setting_id.in_(list(setting_ids)), counts_on(on))
        .order_by(SettingOnLotRow.lot_id)
    )
    found: dict[str, list[Standing]] = defaultdict(list)
    for setting_id, lot_id, status, since in session.execute(rows):
        found[setting_id].append(Standing(lot_id, Status(status), since))
    return {setting_id: tuple(standings) for setting_id, standings in found.items()}


def steps_of(session: Session, setting_id: str) -> list[Step]:
    """Return every step of a setting, lot by lot and the first one first."""
    change = StatusChangeRow
    rows = (
        select(
            SettingOnLotRow.lot_id,
            change.number,
            change.from_status,
            change.to_status,
            change.effective_on,
            change.recorded_at,
        )
        .join(change, change.setting_on_lot_id == SettingOnLotRow.id)
        .where(SettingOnLotRow.setting_id == setting_id)
        .order_by(SettingOnLotRow.lot_id, change.number)
    )
    return [
        Step(lot_id, number, Status(before) if before else None, Status(after), effective_on, recorded_at)
        for lot_id, number, before, after, effective_on, recorded_at in session.execute(rows)
    ]


def frameworks_after(session: Session, after: str | None, limit: int) -> list[FrameworkCard]:
    """Return the next frameworks by id."""
    rows = select(FrameworkRow).order_by(FrameworkRow.id).limit(limit)
    return [
        framework_card(row) for row in session.scalars(rows if after is None else rows.where(FrameworkRow.id > after))
    ]


def lots_after(session: Session, framework_id: str | None, on: date, after: str | None, limit: int) -> list[str]:
    """Return the ids of the next lots that are open on a day, of a framework or of all."""
    rows = select(LotRow.id).where(holds_on(LotRow.since, LotRow.until, on)).order_by(LotRow.id).limit(limit)
    if framework_id is not None:
        rows = rows.where(LotRow.framework_id == framework_id)
    return list(session.scalars(rows if after is None else rows.where(LotRow.id > after)))


def providers_after(session: Session, after: str | None, limit: int) -> list[str]:
    """Return the ids of the next providers that have a setting on the register."""
    rows = select(SettingRow.provider_id).distinct().order_by(SettingRow.provider_id).limit(limit)
    return list(session.scalars(rows if after is None else rows.where(SettingRow.provider_id > after)))


def members_of(session: Session, framework_id: str) -> list[Member]:
    """Return who may buy through a framework, has done or will, by the first day."""
    rows = select(MembershipRow).where(MembershipRow.framework_id == framework_id)
    ordered = session.scalars(rows.order_by(MembershipRow.since, MembershipRow.council_id))
    return [Member(row.council_id, row.since, row.until) for row in ordered]


def rounds_after(session: Session, after: str | None, limit: int) -> list[RoundCard]:
    """Return the next joining rounds by id that were published, cancelled ones too."""
    rows = select(RoundRow).where(RoundRow.published_at.is_not(None)).order_by(RoundRow.id).limit(limit)
    return [round_card(row) for row in session.scalars(rows if after is None else rows.where(RoundRow.id > after))]
