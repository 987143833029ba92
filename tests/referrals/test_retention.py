"""R36: the records of a procurement stay for years after the placement, and then go with all that hangs on them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from channels.queries import messages_to
from hub.actions.run_retention import run_retention
from hub.retention import cut_of, periods
from kernel.clock import FixedClock
from kernel.database import Base
from kernel.errors import ConfigurationError
from referrals.actions.clocks.keep_clock import stop_clock
from referrals.actions.clocks.start_clock import StartClock, start_clock
from referrals.model.clocks import ClockKind
from referrals.retention import SWEEPERS
from referrals.tables import PlacementRow, ReferralRow
from tests.referrals.evaluation import world as evaluated
from tests.referrals.world import World

MONTHS = 72
ENDED_ON = date(2027, 1, 15)


def sweep(world: World, key: str = "referrals.procurement") -> int:
    with world.ground.work() as work:
        return SWEEPERS[key].sweep(work.session, cut_of(work.now, MONTHS), 100)


def at(clock: FixedClock, year: int, month: int, day: int) -> None:
    clock.set(datetime(year, month, day, 10, tzinfo=UTC))


def placed(world: World) -> str:
    """Award a referral whose placement then ended."""
    referral_id = evaluated.settled(world)
    evaluated.award(world, referral_id)
    with world.ground.work() as work:
        for row in work.session.scalars(select(PlacementRow)):
            row.ended_on, row.ended_at = ENDED_ON, work.now
    return referral_id


def rows_left(world: World) -> dict[str, int]:
    """Count what is left in every table that hangs on a referral, however far below."""
    found = ["referrals"]
    for table in Base.metadata.sorted_tables:
        musts = {
            key.column.table.name for column in table.columns if not column.nullable for key in column.foreign_keys
        }
        if musts.intersection(found):
            found.append(table.name)
    with world.ground.read() as session:
        return {name: session.scalar(select(func.count()).select_from(text(name))) or 0 for name in found}


def test_R36_nothing_goes_before_six_years_after_the_placement_ended(world: World, clock: FixedClock) -> None:
    placed(world)
    at(clock, 2033, 1, 14)
    before = rows_left(world)
    assert sweep(world) == 0
    assert rows_left(world) == before
    assert before["referral_scores"], "the test looks at a referral with everything"
    assert before["referral_responses"]


def test_R36_then_the_referral_goes_with_all_that_hangs_on_it(world: World, clock: FixedClock) -> None:
    placed(world)
    with world.ground.work() as work:
        work.session.execute(text("UPDATE messages SET status = 'delivered'"))
    at(clock, 2033, 2, 1)
    assert sweep(world) == 1
    assert not any(rows_left(world).values())
    assert sweep(world, "referrals.placements") == 1
    with world.ground.read() as session:
        assert session.scalar(select(func.count()).select_from(PlacementRow)) == 0
        assert messages_to(session, world.user(0).id) == []
        assert session.execute(text("SELECT count(*) FROM audit WHERE action = 'referrals.award'")).scalar_one()


def test_R36_a_placement_that_runs_keeps_its_referral_however_old(world: World, clock: FixedClock) -> None:
    referral_id = evaluated.settled(world)
    evaluated.award(world, referral_id)
    at(clock, 2040, 1, 1)
    assert sweep(world) == 0


def test_R29_a_referral_stays_as_long_as_the_one_that_follows_it(world: World, clock: FixedClock) -> None:
    first, second = world.drafted(), world.drafted()
    with world.ground.work() as work:
        row = work.session.get_one(ReferralRow, second)
        row.follows_id, row.created_at = first, work.now + timedelta(days=800)
    at(clock, 2033, 1, 1)
    assert sweep(world) == 0
    at(clock, 2036, 1, 1)
    assert (sweep(world), sweep(world)) == (1, 1)


def test_clocks_that_are_over_go_and_those_that_run_stay(world: World, clock: FixedClock) -> None:
    def started() -> str:
        with world.ground.work() as work:
            command = StartClock(world.register.council_id, ClockKind.DRAFT_PLAN, "LR-1", date(2026, 11, 23))
            return start_clock(work, world.commissioner, command)

    _runs, over = started(), started()
    with world.ground.work() as work:
        stop_clock(work, world.commissioner, over, "A mistake")
    at(clock, 2033, 1, 1)
    assert sweep(world, "referrals.clocks") == 1
    with world.ground.read() as session:
        assert session.execute(text("SELECT count(*) FROM statutory_clocks")).scalar_one() == 1


def test_R36_no_setting_keeps_a_procurement_for_less_than_three_years() -> None:
    assert periods({"referrals.procurement": 36})["referrals.procurement"] == 36
    with pytest.raises(ConfigurationError, match=r"referrals\.procurement"):
        periods({"referrals.procurement": 35})


def test_the_nightly_run_carries_the_rules_out(world: World, clock: FixedClock) -> None:
    placed(world)
    at(clock, 2033, 2, 1)
    counts = run_retention(world.ground, periods({}))
    assert (counts["referrals.procurement"], counts["referrals.placements"]) == (1, 1)
