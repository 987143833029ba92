from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection

from fps.actions.fees.withdraw_fee import withdraw_fee
from fps.model.fees import FeeKind
from fps.queries.benchmarks import benchmarks
from fps.queries.fees import WantedFees, fee_lines, fees_of, lots_bought, lots_compared
from kernel.audit import lines_about
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.work import Ground
from tests.fps.fees.priced import SINCE, TODAY, price
from tests.fps.world import World, build_world


@pytest.fixture
def world(ground: Ground) -> World:
    return build_world(ground, providers=6)


@pytest.fixture
def setting_id(ground: Ground, world: World) -> str:
    with ground.work() as work:
        return world.active_setting(work, 1)


def _days(ground: Ground, setting_id: str) -> list[tuple[int, date, date | None]]:
    with ground.read() as session:
        return [(fee.pence, fee.valid_from, fee.valid_until) for fee in fees_of(session, setting_id)]


def test_an_uplift_ends_the_price_before_it_and_the_history_stays(
    ground: Ground, world: World, setting_id: str
) -> None:
    price(ground, world, 1, setting_id, 40_000_00)
    price(ground, world, 1, setting_id, 42_000_00, first_day=date(2027, 4, 1))
    assert _days(ground, setting_id) == [
        (42_000_00, date(2027, 4, 1), None),
        (40_000_00, SINCE, date(2027, 3, 31)),
    ]


def test_the_same_price_pressed_twice_is_entered_once(ground: Ground, world: World, setting_id: str) -> None:
    ids = {price(ground, world, 1, setting_id, 40_000_00) for _ in range(2)}
    assert len(ids) == 1
    with pytest.raises(InvalidInputError):
        price(ground, world, 1, setting_id, 41_000_00)


def test_a_withdrawn_uplift_lets_the_former_price_go_on(ground: Ground, world: World, setting_id: str) -> None:
    price(ground, world, 1, setting_id, 40_000_00)
    first = price(ground, world, 1, setting_id, 42_000_00, first_day=date(2027, 4, 1))
    second = price(ground, world, 1, setting_id, 44_000_00, first_day=date(2028, 4, 1))
    user = world.providers[1][1]
    for _ in range(2):
        with ground.work() as work:
            withdraw_fee(work, user, first)
    assert _days(ground, setting_id) == [
        (44_000_00, date(2028, 4, 1), None),
        (40_000_00, SINCE, date(2028, 3, 31)),
    ]
    with ground.work() as work:
        withdraw_fee(work, user, second)
    assert _days(ground, setting_id) == [(40_000_00, SINCE, None)]


def test_a_price_is_the_providers_own_matter(ground: Ground, world: World, setting_id: str) -> None:
    with pytest.raises(NotFoundError):
        price(ground, world, 2, setting_id, 40_000_00)
    with pytest.raises(InvalidInputError) as refused:
        price(ground, world, 1, setting_id, 40_000_00, lot=3)
    assert refused.value.field == "lot"
    fee_id = price(ground, world, 1, setting_id, 40_000_00)
    for actor, error in ((world.providers[2][1], NotFoundError), (world.providers[1][1], ConflictError)):
        with pytest.raises(error), ground.work() as work:
            withdraw_fee(work, actor, fee_id)


def test_the_log_tells_no_amount_to_who_leads_the_framework(ground: Ground, world: World, setting_id: str) -> None:
    price(ground, world, 1, setting_id, 41_234_00, band="Complex")
    with ground.read() as session:
        told = [line for line in lines_about(session, ("setting", setting_id)) if line.action == "fps.offer_fee"]
    assert len(told) == 1
    assert "41234" not in told[0].details
    assert "4123400" not in told[0].details


def test_councils_read_prices_while_they_buy_through_the_framework(
    ground: Ground, world: World, setting_id: str
) -> None:
    price(ground, world, 1, setting_id, 40_000_00)
    lead_id = world.lead.roles[0].organisation_id
    with ground.read() as session:
        bought = [lot.id for lot in lots_bought(session, [world.council_id], TODAY)]
        assert lots_bought(session, [lead_id], TODAY) == []
        assert [lot.id for lot in lots_compared(session, [lead_id], TODAY)] == bought
        found, total = fee_lines(session, bought, WantedFees(TODAY))
        assert ([line.fee.pence for line in found], total) == ([40_000_00], 1)
        for wanted in (
            WantedFees(SINCE - timedelta(days=1)),
            WantedFees(TODAY, kind=FeeKind.THERAPY),
            WantedFees(TODAY, lot_id=bought[1]),
            WantedFees(TODAY, district="Wirral"),
        ):
            assert fee_lines(session, bought, wanted) == ([], 0)
        assert fee_lines(session, [], WantedFees(TODAY)) == ([], 0)


def test_lists_and_benchmarks_cost_the_same_number_of_queries_however_many_prices(ground: Ground, world: World) -> None:
    counted: list[str] = []

    def count(*seen: object) -> None:
        counted.extend(str(seen[2]).split()[:1])

    lots, figures = [lot.id for lot in world.lots], []
    event.listen(Connection, "before_cursor_execute", count)
    for number in range(3):
        with ground.work() as work:
            setting_id = world.active_setting(work, number)
        price(ground, world, number, setting_id, 40_000_00)
        counted.clear()
        with ground.read() as session:
            fee_lines(session, lots, WantedFees(TODAY))
            benchmarks(session, lots, date(2027, 1, 4))
        figures.append(counted.count("SELECT"))
    event.remove(Connection, "before_cursor_execute", count)
    assert len(set(figures)) == 1
