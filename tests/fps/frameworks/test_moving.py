"""What goes along when settings move to the lot that takes the place of another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from fps.actions.directory.report_places import OpenBand, open_band
from fps.actions.fees.withdraw_fee import withdraw_fee
from fps.actions.frameworks.change_lots import Lots, replace_lot
from fps.actions.standing.pause_placements import PausePlacements, pause_placements
from fps.model import DocumentKind, NewLot, SettingKind
from fps.queries import framework
from fps.queries.fees import fees_of
from fps.queries.vacancies import vacancies_of
from fps.rules.vacancies import Told
from fps.tables import CouncilPauseRow
from hub.web.row_scope import scope_of
from kernel import scope
from kernel.work import Ground
from people.model import Role
from tests.fps.fees.priced import TODAY, price
from tests.fps.world import World, build_world, member

DAY_LOT = NewLot(1, "day, 0 to 18", (DocumentKind.INSURANCE,), (SettingKind.INDEPENDENT_SPECIAL,))
NEXT_YEAR = date(2027, 4, 1)


@pytest.fixture
def world(ground: Ground) -> World:
    return build_world(ground)


@pytest.fixture
def setting_id(ground: Ground, world: World) -> str:
    """An active setting of provider 1."""
    with ground.work() as work:
        return world.active_setting(work, 1)


@pytest.fixture(autouse=True)
def _leave() -> Iterator[None]:
    yield
    scope.enter(None)


def _replace(ground: Ground, world: World) -> str:
    """Replace the first lot as a page of the lead authority does: held to its own rows."""
    with ground.read() as session:
        lots = Lots(world.framework_id, framework(session, world.framework_id).edition, "The board decided it.")
    scope.enter(scope_of(world.lead))
    with ground.work() as work:
        new_id = replace_lot(work, world.lead, lots, world.lots[0].id, DAY_LOT)
    scope.enter(None)
    return new_id


def test_other_councils_pauses_go_along(ground: Ground, world: World, setting_id: str) -> None:
    with ground.work() as work:
        commissioner = member(work, "Cora Commissioner", Role.COMMISSIONER, world.council_id)
        review_on = TODAY + timedelta(days=10)
        quiet = PausePlacements(world.council_id, setting_id, world.lots[0].id, "Ours", review_on, tells_provider=False)
        pause_placements(work, commissioner, quiet)
    new_id = _replace(ground, world)
    with ground.read() as session:
        found = session.scalars(select(CouncilPauseRow).order_by(CouncilPauseRow.id)).all()
        assert [(row.lot_id, row.until, row.reason) for row in found] == [
            (world.lots[0].id, TODAY, "Ours"),
            (new_id, None, "Ours"),
        ]


def test_free_places_go_along_with_all_that_was_told(ground: Ground, world: World, setting_id: str) -> None:
    with ground.work() as work:
        band_id = open_band(work, world.providers[1][1], OpenBand(setting_id, world.lots[0].id, 5, 16, Told(3)))
    new_id = _replace(ground, world)
    with ground.read() as session:
        [band] = vacancies_of(session, [setting_id], shown_on=TODAY)[setting_id]
    assert (band.id, band.lot_id, band.places) == (band_id, new_id, 3)


def test_prices_hold_on_the_new_lot_and_those_that_held_stay_on_record(
    ground: Ground, world: World, setting_id: str
) -> None:
    since = date(2026, 1, 5)
    price(ground, world, 1, setting_id, 40_000_00, first_day=since)
    later_id = price(ground, world, 1, setting_id, 42_000_00, first_day=NEXT_YEAR)
    old_id, new_id = world.lots[0].id, _replace(ground, world)

    def told() -> set[tuple[str, int, date, date | None]]:
        with ground.read() as session:
            return {(fee.lot_id, fee.pence, fee.valid_from, fee.valid_until) for fee in fees_of(session, setting_id)}

    held = (old_id, 40_000_00, since, TODAY - timedelta(days=1))
    assert told() == {
        held,
        (new_id, 40_000_00, TODAY, NEXT_YEAR - timedelta(days=1)),
        (new_id, 42_000_00, NEXT_YEAR, None),
    }
    with ground.work() as work:
        withdraw_fee(work, world.providers[1][1], later_id)
    assert told() == {held, (new_id, 40_000_00, TODAY, None)}, "taken back, the price before it goes on"


def test_prices_of_who_does_not_move_stay(ground: Ground, world: World, setting_id: str) -> None:
    price(ground, world, 1, setting_id, 40_000_00)
    with ground.work() as work:
        other_id = world.active_setting(work, 2, lot=1)
    price(ground, world, 2, other_id, 50_000_00, lot=1)
    _replace(ground, world)
    with ground.read() as session:
        [fee] = fees_of(session, other_id)
    assert (fee.lot_id, fee.valid_until) == (world.lots[1].id, None)
