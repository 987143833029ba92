from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from fps.model import Status
from fps.model.fees import Charged, FeeKind, Figure, LotBenchmark, Unit
from fps.queries.frameworks import holds_on
from fps.rules.benchmarks import benchmark_day, remembered_since
from fps.tables import BenchmarkRow, FeeRow, SettingOnLotRow, SettingRow, StatusChangeRow
from kernel.calendar import start_of_day

Cell = tuple[str, FeeKind, Unit]
"""A lot, what is charged for there, and for how long."""


def charged_on(session: Session, day: date) -> Mapping[Cell, list[Charged]]:
    """Return the prices that held on a day, by what they are for; one query.

    Counted is what was recorded before the day, of settings that had not left the lot by what was recorded before it.
    """
    began, step = start_of_day(day), StatusChangeRow
    stood = or_(FeeRow.withdrawn_at.is_(None), FeeRow.withdrawn_at >= began)
    left = exists().where(
        SettingOnLotRow.setting_id == FeeRow.setting_id,
        SettingOnLotRow.lot_id == FeeRow.lot_id,
        step.setting_on_lot_id == SettingOnLotRow.id,
        step.to_status == Status.EXITED,
        and_(step.effective_on <= day, step.recorded_at < began),
    )
    rows = (
        select(FeeRow, SettingRow.provider_id)
        .join(SettingRow, SettingRow.id == FeeRow.setting_id)
        .where(stood, holds_on(FeeRow.valid_from, FeeRow.valid_until, day), FeeRow.recorded_at < began, ~left)
        .order_by(FeeRow.id)
    )
    found: dict[Cell, list[Charged]] = defaultdict(list)
    for row, provider_id in session.execute(rows):
        cell = row.lot_id, FeeKind(row.kind), Unit(row.unit)
        found[cell].append(Charged(provider_id, row.setting_id, row.amount, row.id))
    return MappingProxyType(found)


def benchmarks(session: Session, lot_ids: Sequence[str], today: date) -> list[LotBenchmark]:
    """Return the newest benchmark of each kind and unit on these lots that was published; two queries.

    Where prices were entered and nothing was published there are no figures.
    """
    day = benchmark_day(today)
    row = BenchmarkRow
    rows = select(row).where(row.lot_id.in_(lot_ids), row.day <= day, row.day >= remembered_since(day))
    entered = select(FeeRow.lot_id, FeeRow.kind, FeeRow.unit).where(
        FeeRow.lot_id.in_(lot_ids), FeeRow.recorded_at < start_of_day(day), FeeRow.valid_from <= day
    )
    found = {
        (lot_id, kind, unit): LotBenchmark(lot_id, FeeKind(kind), Unit(unit), {})
        for lot_id, kind, unit in session.execute(entered.distinct())
    }
    for each in session.scalars(rows.order_by(row.day)):
        figures = {Figure(name): pence for name, pence in each.figures.items()}
        cell = each.lot_id, each.kind, each.unit
        found[cell] = LotBenchmark(each.lot_id, FeeKind(each.kind), Unit(each.unit), figures, each.settings, each.day)
    return [found[cell] for cell in sorted(found)]
