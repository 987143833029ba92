"""Whatever is done, in whatever order, the spans of statuses touch and never overlap."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fps.actions.standing.change_status import ChangeStatus, change_status
from fps.actions.standing.pause_placements import PausePlacements, pause_placements
from fps.actions.standing.take_step import Step, take_step
from fps.model import Status
from fps.queries import candidates, status_history, status_on
from fps.tables import CouncilPauseRow, SettingOnLotRow, StatusChangeRow
from kernel.errors import ConflictError, HubError
from kernel.work import Ground
from tests.fps.standing.conftest import Corner
from tests.fps.world import SINCE

TODAY = date(2026, 11, 23)


class _UndoneError(Exception):
    """Ends a transaction that leaves nothing."""


Wish = tuple[Status, int]
# mostly the way that the machine knows, so that many steps are taken
steps_asked = st.sampled_from([*Status, Status.APPLIED, Status.ADMITTED, Status.EXITED])
wishes = st.lists(st.tuples(steps_asked, st.integers(0, 330)), max_size=12).map(
    lambda found: sorted(found, key=lambda wish: wish[1]) if len(found) % 2 else found
)


def last_by(steps: Sequence[Wish], on: date) -> Status | None:
    """Say in the words of the rule where a setting stands; written apart from the queries on purpose."""
    found = [status for status, day in steps if SINCE + timedelta(days=day) <= on]
    return found[-1] if found else None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes, st.integers(-5, 400))
def test_the_status_on_any_day_is_the_last_step_by_that_day_and_spans_never_overlap(
    ground: Ground, corner: Corner, asked: list[Wish], after: int
) -> None:
    lot_id, on = corner.world.lots[1].id, SINCE + timedelta(days=after)
    taken: list[Wish] = []
    with suppress(_UndoneError), ground.work() as work:
        setting_id = corner.world.active_setting(work, 900)
        for status, day in asked:
            with suppress(HubError), work.session.begin_nested():
                take_step(work, "system", Step(setting_id, lot_id, status, "Why.", SINCE + timedelta(days=day)))
                taken.append((status, day))
        assert status_on(work.session, setting_id, lot_id, on) is last_by(taken, on)
        found = {one.setting.id: one.status for one in candidates(work.session, lot_id, on)}
        assert found[setting_id] is last_by(taken, on)
        steps = status_history(work.session, setting_id, lot_id)
        assert [step.to_status for step in steps] == [status for status, _ in taken]
        assert [step.until for step in steps][:-1] == [step.effective_on for step in steps[1:]]
        raise _UndoneError


def test_of_two_who_take_a_step_at_once_one_is_first(ground: Ground, corner: Corner) -> None:
    start = Barrier(2)

    def press() -> str:
        start.wait()
        try:
            with ground.work() as work:
                change_status(
                    work, corner.user, ChangeStatus(corner.setting_id, corner.lot_id, Status.SELF_PAUSED, "x")
                )
        except ConflictError:
            return "second"
        return "first"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(each.result() for each in [pool.submit(press), pool.submit(press)]) == ["first", "second"]
    with ground.read() as session:
        open_ones = select(StatusChangeRow.to_status).where(StatusChangeRow.until.is_(None))
        assert session.scalars(open_ones).all() == [Status.SELF_PAUSED]


def test_of_two_colleagues_who_pause_at_once_one_does(ground: Ground, corner: Corner) -> None:
    start = Barrier(2)
    command = PausePlacements(corner.world.council_id, corner.setting_id, None, "Why.", date(2026, 12, 18))

    def press() -> bool:
        start.wait()
        try:
            with ground.work() as work:
                pause_placements(work, corner.commissioner, command)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(each.result() for each in [pool.submit(press), pool.submit(press)]) == [False, True]
    with ground.read() as session:
        assert len(session.scalars(select(CouncilPauseRow.id)).all()) == 1


def test_a_setting_that_two_put_on_a_lot_at_once_stands_there_once(ground: Ground, corner: Corner) -> None:
    start, lot_id = Barrier(2), corner.world.lots[5].id

    def press() -> bool:
        start.wait()
        try:
            with ground.work() as work:
                take_step(work, "system", Step(corner.setting_id, lot_id, Status.APPLIED, "Applied."))
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(each.result() for each in [pool.submit(press), pool.submit(press)]) == [False, True]


def test_the_database_itself_lets_there_be_one_open_span(ground: Ground, corner: Corner) -> None:
    with ground.read() as session:
        row = session.scalars(select(StatusChangeRow).where(StatusChangeRow.until.is_(None))).one()
    twin = StatusChangeRow(
        setting_on_lot_id=row.setting_on_lot_id,
        number=99,
        setting_id=row.setting_id,
        lot_id=row.lot_id,
        from_status=None,
        to_status=Status.ACTIVE,
        effective_on=TODAY,
        recorded_at=row.recorded_at,
        actor_id="system",
        reason="Why.",
    )
    with pytest.raises(IntegrityError), ground.work() as work:
        work.session.add(twin)
    assert corner.setting_id == row_setting(ground, row)


def row_setting(ground: Ground, row: StatusChangeRow) -> str:
    with ground.read() as session:
        return session.get_one(SettingOnLotRow, row.setting_on_lot_id).setting_id
