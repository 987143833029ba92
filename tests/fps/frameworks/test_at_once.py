"""Two lead users at once, and what moves with a lot."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from fps.actions.frameworks.change_lots import Lots, add_lot, end_lot, replace_lot
from fps.actions.frameworks.change_term import NewEnd, correct_end
from fps.actions.frameworks.edit_framework import Facts, edit_framework
from fps.model import DocumentKind, NewLot, SettingKind, Status
from fps.queries import framework, lot, status_on
from fps.tables import CouncilPauseRow, FrameworkChangeRow
from kernel.errors import ConflictError
from kernel.ids import new_id
from kernel.work import Ground, Work
from tests.fps.world import World, build_world

TODAY = date(2026, 11, 23)
YESTERDAY = TODAY - timedelta(days=1)
NEW = NewLot(8, "tutoring", (DocumentKind.INSURANCE,), (SettingKind.ONLINE,))
Act = Callable[[Work, World, int], object]
ACTS: list[Act] = [
    lambda work, world, seen: edit_framework(work, world.lead, world.framework_id, seen, Facts("A new name")),
    lambda work, world, seen: add_lot(work, world.lead, Lots(world.framework_id, seen, "Why."), NEW),
    lambda work, world, seen: correct_end(
        work, world.lead, NewEnd(world.framework_id, seen, date(2031, 2, 28), "A slip.")
    ),
    lambda work, world, seen: replace_lot(
        work,
        world.lead,
        Lots(world.framework_id, seen, "Why."),
        world.lots[0].id,
        NewLot(1, "day", (), tuple(SettingKind)),
    ),
]


@pytest.mark.parametrize("act", ACTS)
def test_of_two_who_change_a_framework_at_once_one_does_and_one_is_told(ground: Ground, act: Act) -> None:
    world = build_world(ground)
    gate = Barrier(2)

    def one(_number: int) -> bool:
        gate.wait()
        try:
            with ground.work() as work:
                act(work, world, 1)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, range(2))) == [False, True]
    with ground.read() as session:
        assert framework(session, world.framework_id).edition == 2
        assert session.scalar(select(func.count()).select_from(FrameworkChangeRow)) == 2, "opened, and changed once"


def test_a_lot_never_ends_under_a_setting_that_joins_at_the_same_moment(ground: Ground) -> None:
    world = build_world(ground)
    with ground.work() as work:
        setting_id = world.active_setting(work, 1)
    second = world.lots[1].id
    gate = Barrier(2)

    def join() -> bool:
        gate.wait()
        with ground.work() as work:
            world.step(work, setting_id, Status.APPLIED, lot=1)
        return True

    def end() -> bool:
        gate.wait()
        with ground.work() as work:
            end_lot(work, world.lead, Lots(world.framework_id, 1, "Why."), second, TODAY)
        return True

    with ThreadPoolExecutor(2) as pool:
        tried = [pool.submit(join), pool.submit(end)]
        failed = [error for one in tried if (error := one.exception())]
    assert [type(error) for error in failed] == [ConflictError]
    with ground.read() as session:
        stands = status_on(session, setting_id, second, TODAY) is not None
        assert stands is (lot(session, second).until is None)


def test_a_councils_own_pause_goes_on_where_the_setting_moves(ground: Ground) -> None:
    world = build_world(ground)
    with ground.work() as work:
        setting_id = world.active_setting(work, 1)
        work.session.add(_pause(work, world, setting_id))
    with ground.work() as work:
        seen = framework(work.session, world.framework_id).edition
        of = Lots(world.framework_id, seen, "Why.")
        new_id_ = replace_lot(work, world.lead, of, world.lots[0].id, NewLot(1, "day", (), tuple(SettingKind)))
    with ground.read() as session:
        pauses = session.scalars(select(CouncilPauseRow).order_by(CouncilPauseRow.since)).all()
    assert [(one.lot_id, one.until) for one in pauses] == [(world.lots[0].id, TODAY), (new_id_, None)]
    assert {one.reason for one in pauses} == {"A council's own reason."}


def _pause(work: Work, world: World, setting_id: str) -> CouncilPauseRow:
    return CouncilPauseRow(
        id=new_id(),
        council_id=world.council_id,
        setting_id=setting_id,
        lot_id=world.lots[0].id,
        since=YESTERDAY,
        review_on=TODAY + timedelta(days=20),
        reason="A council's own reason.",
        actor_id=world.lead.id,
        recorded_at=work.now,
        tells_provider=False,
    )
