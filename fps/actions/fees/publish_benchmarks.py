from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select

from fps.model.fees import Charged, FeeKind, Prepared, Unit
from fps.queries.benchmarks import Cell, charged_on
from fps.rules.benchmarks import Ledger, benchmark_day, differ_enough, prepared, remembered_since
from fps.tables import BenchmarkRow
from kernel import audit
from kernel.calendar import london_date
from kernel.ids import new_id
from kernel.work import Work


def publish_benchmarks(work: Work) -> int:
    """Publish this quarter's benchmarks and return how many; those that tell too much stay as they were published.

    All that was published in the last two years is taken together, as if a provider's prices were the same on every lot
    and of every kind; and on one lot, all that was ever published, where a price that changed is another one. The same
    run again publishes nothing more.
    """
    day = benchmark_day(london_date(work.now))
    before = list(work.session.scalars(select(BenchmarkRow).order_by(BenchmarkRow.day, BenchmarkRow.id)))
    published = {_cell(row) for row in before if row.day == day}
    told = _Told(before, remembered_since(day))
    count = 0
    for cell, charged in sorted(charged_on(work.session, day).items()):
        found = None if cell in published else told.first_safe(cell, charged)
        if found is not None:
            told.note(cell, found)
            _keep(work, cell, day, found)
            count += 1
    if count:
        about = ("benchmarks", day.isoformat())
        audit.record(work, actor="system", action="fps.publish_benchmarks", subject=about, details={"count": count})
    return count


class _Told:
    """What was told so far: of providers, wherever and of whatever, and of each price on each lot."""

    def __init__(self, before: Sequence[BenchmarkRow], since: date) -> None:
        self._of_providers = Ledger()
        self._of_prices: defaultdict[Cell, Ledger] = defaultdict(Ledger)
        self._published: defaultdict[Cell, list[dict[str, str]]] = defaultdict(list)
        for row in before:
            self._published[_cell(row)].append(_whole(row.groups))
            if row.day >= since:
                self._of_providers.note(row.groups)
            self._of_prices[_cell(row)].note(group.items() for group in row.groups)

    def first_safe(self, cell: Cell, charged: Sequence[Charged]) -> Prepared | None:
        return next((found for found in prepared(charged, cell[2]) if self._is_safe(cell, found)), None)

    def _is_safe(self, cell: Cell, found: Prepared) -> bool:
        prices = self._of_prices[cell].admits(group.items() for group in found.groups)
        whole = _whole(found.groups)
        enough = all(differ_enough(earlier, whole) for earlier in self._published[cell])
        return enough and prices and self._of_providers.admits(found.groups)

    def note(self, cell: Cell, found: Prepared) -> None:
        self._of_prices[cell].note(group.items() for group in found.groups)
        self._of_providers.note(found.groups)


def _whole(groups: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {provider: mark for group in groups for provider, mark in group.items()}


def _cell(row: BenchmarkRow) -> Cell:
    return row.lot_id, FeeKind(row.kind), Unit(row.unit)


def _keep(work: Work, cell: Cell, day: date, found: Prepared) -> None:
    lot_id, kind, unit = cell
    row = BenchmarkRow(
        id=new_id(),
        lot_id=lot_id,
        kind=kind,
        unit=unit,
        day=day,
        figures=dict(found.figures),
        groups=[dict(group) for group in found.groups],
        settings=found.settings,
        published_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
