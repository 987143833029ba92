from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from kernel import parked
from kernel.chores import FAILURES_BEFORE_SHOWING, Chore, run_chores
from kernel.clock import FixedClock
from kernel.work import Ground


class Tries:
    """A chore that fails while it is told to, and counts how often it was tried."""

    def __init__(self, *, fails: bool) -> None:
        self.count = 0
        self.fails = fails

    def __call__(self) -> int:
        self.count += 1
        if self.fails:
            raise RuntimeError("broken")
        return 1


def shown(ground: Ground) -> list[parked.Parked]:
    with ground.read() as session:
        return parked.parked(session)


def fail_often(ground: Ground, clock: FixedClock, chores: list[Chore]) -> None:
    for _ in range(FAILURES_BEFORE_SHOWING):
        run_chores(ground, chores)
        clock.move(timedelta(minutes=15))


def test_chore_that_fails_keeps_no_other_from_its_work(ground: Ground) -> None:
    good, bad, last = Tries(fails=False), Tries(fails=True), Tries(fails=False)
    chores = [Chore("test.good", good), Chore("test.bad", bad), Chore("test.last", last)]
    assert run_chores(ground, chores) == 2
    assert (good.count, bad.count, last.count) == (1, 1, 1)


def test_failure_is_logged_and_rests_a_while_before_it_is_tried_again(
    ground: Ground, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    bad = Tries(fails=True)
    for _ in range(2):
        run_chores(ground, [Chore("test.bad", bad)])
    assert bad.count == 1
    assert [vars(record)["chore"] for record in caplog.records] == ["test.bad"]
    clock.move(timedelta(seconds=10))
    run_chores(ground, [Chore("test.bad", bad)])
    assert bad.count == 2


def test_chore_that_goes_on_failing_is_shown_to_an_operator_and_still_tried(ground: Ground, clock: FixedClock) -> None:
    bad = Tries(fails=True)
    fail_often(ground, clock, [Chore("test.bad", bad)])
    (lot,) = shown(ground)
    assert (lot.kind, lot.name, lot.attempts) == ("job", "test.bad", FAILURES_BEFORE_SHOWING)
    assert "RuntimeError" in lot.error
    run_chores(ground, [Chore("test.bad", bad)])
    assert bad.count == FAILURES_BEFORE_SHOWING + 1


def test_chore_that_works_again_leaves_no_trace(ground: Ground, clock: FixedClock) -> None:
    chore = Tries(fails=True)
    fail_often(ground, clock, [Chore("test.bad", chore)])
    chore.fails = False
    assert run_chores(ground, [Chore("test.bad", chore)]) == 1
    assert shown(ground) == []
    with ground.read() as session:
        assert session.scalar(text("SELECT count(*) FROM timetable")) == 0


def test_operator_has_it_tried_at_once_or_puts_it_out_of_sight(ground: Ground, clock: FixedClock) -> None:
    bad = Tries(fails=True)
    chores = [Chore("test.bad", bad)]
    fail_often(ground, clock, chores)
    run_chores(ground, chores)
    (lot,) = shown(ground)
    with ground.work() as work:
        parked.retry(work, lot.kind, lot.key)
    run_chores(ground, chores)
    assert bad.count == FAILURES_BEFORE_SHOWING + 2
    fail_often(ground, clock, chores)
    (lot,) = shown(ground)
    with ground.work() as work:
        parked.discard(work, lot.kind, lot.key)
    assert shown(ground) == []
    fail_often(ground, clock, chores)
    assert len(shown(ground)) == 1
