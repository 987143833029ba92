"""The list as staff see it: ten thousand settings, filtered and paged in the same few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from fps.model import SettingCard, SettingKind, Status
from fps.model.standing import LotStanding
from fps.queries.candidates import counts_on
from fps.queries.settings import SETTING, setting_card
from fps.tables import CouncilPauseRow, FrameworkRow, LotRow, SettingOnLotRow, SettingRow, StatusChangeRow
from kernel.finding import holds

_BATCH = 500


@dataclass(frozen=True)
class Wanted:
    """What narrows the list; what is not given does not. `on` is the day on which the list is looked at.

    `on_list`: only settings that stood on a lot that day, so that a past day shows nobody who came later.
    `paused_by`: only settings at which one of these councils had paused its own placements that day.
    """

    on: date
    framework_id: str | None = None
    lot_id: str | None = None
    status: Status | None = None
    kind: SettingKind | None = None
    district: str | None = None
    words: str = ""
    on_list: bool = False
    paused_by: tuple[str, ...] | None = None

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything but the day narrows the list."""
        asked = (self.framework_id, self.lot_id, self.status, self.kind, self.district, self.words.strip())
        return any(asked) or self.paused_by is not None


@dataclass(frozen=True)
class Entry:
    """A setting of the list with where it stands, lot by lot."""

    setting: SettingCard
    standings: tuple[LotStanding, ...]


def settings_wanted(session: Session, wanted: Wanted, *, offset: int = 0, limit: int = 25) -> tuple[list[Entry], int]:
    """Return a page of the settings wanted, by name, and how many there are in all; three statements."""
    ids = _ids(wanted)
    total = session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    return _entries(session, wanted, offset, limit), total


def every_setting_wanted(session: Session, wanted: Wanted) -> Iterator[Entry]:
    """Yield all settings wanted, by name, a few hundred at a time."""
    offset = 0
    while found := _entries(session, wanted, offset, _BATCH):
        yield from found
        offset += _BATCH


def counts_by_status(session: Session, wanted: Wanted) -> dict[Status, int]:
    """Count how many of the settings wanted stand at each status on a lot; one on two lots may count for two."""
    ids = _ids(wanted).subquery()
    found = (
        select(StatusChangeRow.to_status, func.count(SettingOnLotRow.setting_id.distinct()))
        .join(SettingOnLotRow, SettingOnLotRow.id == StatusChangeRow.setting_on_lot_id)
        .join(ids, ids.c.id == SettingOnLotRow.setting_id)
        .where(counts_on(wanted.on), *_of_lots(wanted))
        .group_by(StatusChangeRow.to_status)
    )
    return {Status(status): count for status, count in session.execute(found)}


def districts(session: Session) -> list[str]:
    """Return the council districts in which there are settings, by name."""
    return list(session.scalars(select(SettingRow.district).distinct().order_by(SettingRow.district)))


def standings_of(session: Session, setting_ids: Iterable[str], on: date) -> dict[str, tuple[LotStanding, ...]]:
    """Return where settings stand on each of their lots on a day, by setting, in the order of frameworks and lots."""
    row = StatusChangeRow
    rows = session.execute(
        select(
            SettingOnLotRow.setting_id,
            LotRow.id,
            LotRow.framework_id,
            LotRow.number,
            LotRow.name,
            row.to_status,
            row.effective_on,
        )
        .join(SettingOnLotRow, SettingOnLotRow.id == row.setting_on_lot_id)
        .join(LotRow, LotRow.id == SettingOnLotRow.lot_id)
        .join(FrameworkRow, FrameworkRow.id == LotRow.framework_id)
        .where(SettingOnLotRow.setting_id.in_(list(setting_ids)), counts_on(on))
        .order_by(FrameworkRow.name, LotRow.number, LotRow.id)
    )
    found: dict[str, list[LotStanding]] = defaultdict(list)
    for setting_id, lot_id, framework_id, number, name, status, since in rows:
        title = f"Lot {number}: {name}"
        found[setting_id].append(LotStanding(lot_id, framework_id, title, Status(status), since))
    return {setting_id: tuple(standings) for setting_id, standings in found.items()}


def framework_names(session: Session) -> Mapping[str, str]:
    """Return the names of all frameworks, by id, in the order of the names."""
    found = session.execute(select(FrameworkRow.id, FrameworkRow.name).order_by(FrameworkRow.name))
    return {row.id: row.name for row in found}


def _entries(session: Session, wanted: Wanted, offset: int, limit: int) -> list[Entry]:
    ids = _ids(wanted).offset(offset).limit(limit).subquery()
    rows = session.execute(
        select(*SETTING).join(ids, ids.c.id == SettingRow.id).order_by(SettingRow.name, SettingRow.id)
    )
    cards = [setting_card(row) for row in rows]
    standings = standings_of(session, [card.id for card in cards], wanted.on)
    return [Entry(card, standings.get(card.id, ())) for card in cards]


def _ids(wanted: Wanted) -> Select[str, str]:
    found = select(SettingRow.id, SettingRow.name)
    if wanted.kind:
        found = found.where(SettingRow.kind == wanted.kind)
    if wanted.district:
        found = found.where(SettingRow.district == wanted.district)
    if wanted.words.strip():
        found = found.where(holds(SettingRow.name, wanted.words) | (SettingRow.urn == wanted.words.strip()))
    if wanted.framework_id or wanted.lot_id or wanted.status or wanted.on_list:
        found = found.where(SettingRow.id.in_(_standing(wanted)))
    if wanted.paused_by is not None:
        found = found.where(SettingRow.id.in_(_paused(wanted.paused_by, wanted.on)))
    return found.order_by(SettingRow.name, SettingRow.id)


def _standing(wanted: Wanted) -> Select[str]:
    on_lot = and_(SettingOnLotRow.id == StatusChangeRow.setting_on_lot_id, counts_on(wanted.on))
    found = select(SettingOnLotRow.setting_id).join(StatusChangeRow, on_lot).where(*_of_lots(wanted))
    return found.where(StatusChangeRow.to_status == wanted.status) if wanted.status else found


def _paused(council_ids: tuple[str, ...], on: date) -> Select[str]:
    row = CouncilPauseRow
    held = (row.since <= on) & (row.until.is_(None) | (row.until > on))
    return select(row.setting_id).where(row.council_id.in_(council_ids), held)


def _of_lots(wanted: Wanted) -> list[ColumnElement[bool]]:
    if wanted.lot_id:
        return [SettingOnLotRow.lot_id == wanted.lot_id]
    if wanted.framework_id:
        lots = select(LotRow.id).where(LotRow.framework_id == wanted.framework_id)
        return [SettingOnLotRow.lot_id.in_(lots)]
    return []
