from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from fps.actions.fees.publish_benchmarks import publish_benchmarks
from fps.model import Status
from fps.model.fees import Figure, LotBenchmark
from fps.queries.benchmarks import benchmarks
from fps.tables import BenchmarkRow
from kernel.audit import lines_about
from kernel.clock import FixedClock
from kernel.work import Ground
from tests.fps.fees.priced import TODAY, price
from tests.fps.world import World, build_world

QUARTERS = (date(2027, 1, 4), date(2027, 4, 5), date(2027, 7, 5), date(2027, 10, 4))


@pytest.fixture
def world(ground: Ground) -> World:
    return build_world(ground, providers=12)


def _enter(ground: Ground, world: World, numbers: range, lot: int = 0) -> list[str]:
    """Let providers stand on a lot with a setting each, and charge."""
    found = []
    for number in numbers:
        with ground.work() as work:
            found.append(world.active_setting(work, number + 120 * lot, lot=lot))
        price(ground, world, number, found[-1], 40_000_00 + number * 1_000_00, first_day=date(2026, 1, 5), lot=lot)
    return found


def _publish(ground: Ground, clock: FixedClock, day: date) -> int:
    clock.set(clock.now().replace(year=day.year, month=day.month, day=day.day))
    with ground.work() as work:
        return publish_benchmarks(work)


def _shown(ground: Ground, world: World, day: date) -> list[LotBenchmark]:
    with ground.read() as session:
        return benchmarks(session, [lot.id for lot in world.lots], day)


def test_V10_a_benchmark_counts_what_was_entered_before_the_quarter_and_nothing_later_changes_it(
    ground: Ground, clock: FixedClock, world: World
) -> None:
    settings = _enter(ground, world, range(6))
    with ground.work() as work:
        assert publish_benchmarks(work) == 0, "entered within the quarter"
    assert _shown(ground, world, TODAY) == []
    assert [_publish(ground, clock, QUARTERS[0]) for _ in range(2)] == [1, 0]
    (before,) = _shown(ground, world, QUARTERS[0])
    assert (before.settings, before.day, dict(before.figures)) == (
        "5 to 9",
        date(2027, 1, 1),
        {Figure.MIDDLE: 42_000_00},
    )
    price(ground, world, 0, settings[0], 99_000_00, first_day=date(2027, 1, 5))
    with ground.work() as work:
        world.step(work, settings[2], Status.SUSPENDED, Status.DECOMMISSIONING, Status.EXITED, effective_on=TODAY)
    assert _publish(ground, clock, date(2027, 3, 31)) == 0
    assert _shown(ground, world, date(2027, 3, 31)) == [before]
    with ground.read() as session:
        (line,) = lines_about(session, ("benchmarks", "2027-01-01"))
    assert (line.actor, line.action, line.details) == ("system", "fps.publish_benchmarks", '{"count":1}')


def test_V10_a_figure_stays_as_published_while_only_one_or_two_providers_joined(
    ground: Ground, clock: FixedClock, world: World
) -> None:
    _enter(ground, world, range(6))
    shown = []
    for day, joining in zip(QUARTERS, (range(0), range(6, 7), range(7, 8), range(8, 9)), strict=True):
        _enter(ground, world, joining)
        _publish(ground, clock, day)
        shown += _shown(ground, world, day)
    assert [each.day for each in shown] == [date(2027, 1, 1), date(2027, 1, 1), date(2027, 1, 1), date(2027, 10, 1)]
    assert [each.figures[Figure.MIDDLE] for each in shown] == [42_000_00, 42_000_00, 42_000_00, 44_000_00]


def test_V10_a_figure_stays_as_published_while_only_two_prices_changed(
    ground: Ground, clock: FixedClock, world: World
) -> None:
    settings = _enter(ground, world, range(6))
    _publish(ground, clock, QUARTERS[0])
    for quarter, changed in ((1, range(2)), (2, range(2, 3))):
        for number in changed:
            price(ground, world, number, settings[number], 60_000_00, first_day=QUARTERS[quarter].replace(day=1))
    days = []
    for day in QUARTERS[1:3]:
        _publish(ground, clock, day)
        days += [each.day for each in _shown(ground, world, day)]
    assert days == [date(2027, 1, 1), date(2027, 7, 1)]


def test_V10_of_lots_whose_providers_differ_by_one_or_two_only_one_is_shown(
    ground: Ground, clock: FixedClock, world: World
) -> None:
    for lot, numbers in ((0, range(8)), (1, range(7)), (2, range(8)), (3, range(5))):
        _enter(ground, world, numbers, lot)
    assert _publish(ground, clock, QUARTERS[0]) == 3
    shown = {each.lot_id: each.day is not None for each in _shown(ground, world, QUARTERS[0])}
    assert [shown[world.lots[lot].id] for lot in range(4)] == [True, False, True, True]


def test_what_could_not_be_published_anew_is_shown_for_two_years(
    ground: Ground, clock: FixedClock, world: World
) -> None:
    _enter(ground, world, range(6))
    _publish(ground, clock, QUARTERS[0])
    assert [each.day for each in _shown(ground, world, date(2028, 12, 31))] == [date(2027, 1, 1)]
    (gone,) = _shown(ground, world, date(2029, 1, 1))
    assert (gone.day, gone.figures) == (None, {})


def test_what_is_published_holds_no_price(ground: Ground, clock: FixedClock, world: World) -> None:
    _enter(ground, world, range(6))
    _publish(ground, clock, QUARTERS[0])
    with ground.read() as session:
        (row,) = session.scalars(select(BenchmarkRow))
    kept = f"{row.figures} {row.groups} {row.settings}"
    assert not any(f"{40_000_00 + number * 1_000_00}" in kept.replace("4200000", "") for number in range(6))
    assert set(row.groups[0]) == {world.providers[number][0] for number in range(6)}
