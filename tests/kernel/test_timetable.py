from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kernel import parked
from kernel.clock import FixedClock
from kernel.timetable import ATTEMPTS_BEFORE_PARKING, DailyAt, Every, Job, run_due_jobs
from kernel.work import Ground


def test_daily_job_runs_once_a_london_day_also_when_clocks_change() -> None:
    nine = DailyAt(9)
    assert nine.latest(datetime(2026, 3, 28, 12, tzinfo=UTC)) == datetime(2026, 3, 28, 9, tzinfo=UTC)
    assert nine.latest(datetime(2026, 3, 29, 12, tzinfo=UTC)) == datetime(2026, 3, 29, 8, tzinfo=UTC)
    assert nine.latest(datetime(2026, 3, 30, 7, 59, tzinfo=UTC)) == datetime(2026, 3, 29, 8, tzinfo=UTC)


def test_two_schedulers_do_a_turn_once_and_the_next_turn_again(ground: Ground, clock: FixedClock) -> None:
    turns: list[datetime] = []
    jobs = [Job("test.count", Every(5), lambda _, slot: turns.append(slot))]
    assert [run_due_jobs(ground, jobs), run_due_jobs(ground, jobs)] == [1, 0]
    clock.move(timedelta(minutes=5))
    assert run_due_jobs(ground, jobs) == 1
    assert turns[1] - turns[0] == timedelta(minutes=5)


def test_long_pause_runs_the_latest_turn_only(ground: Ground, clock: FixedClock) -> None:
    turns: list[datetime] = []
    jobs = [Job("test.count", DailyAt(9), lambda _, slot: turns.append(slot))]
    run_due_jobs(ground, jobs)
    clock.move(timedelta(days=10))
    assert run_due_jobs(ground, jobs) == 1


def test_failing_job_is_retried_then_parked(ground: Ground, clock: FixedClock) -> None:
    def fail(_ground: Ground, _slot: datetime) -> None:
        raise RuntimeError

    jobs = [Job("test.fail", DailyAt(9), fail)]
    for _ in range(ATTEMPTS_BEFORE_PARKING + 2):
        run_due_jobs(ground, jobs)
        clock.move(timedelta(minutes=30))
    with ground.read() as session:
        (lot,) = parked.parked(session)
    assert (lot.kind, lot.attempts) == ("job", ATTEMPTS_BEFORE_PARKING)
    with ground.work() as work:
        parked.discard(work, lot.kind, lot.key)
    with ground.read() as session:
        assert parked.count_parked(session)[0] == 0


def test_job_that_fails_turn_after_turn_is_parked_once_and_in_sight_until_it_runs_well(
    ground: Ground, clock: FixedClock
) -> None:
    turns: list[datetime] = []
    fails = True

    def run(_ground: Ground, slot: datetime) -> None:
        turns.append(slot)
        if fails:
            raise RuntimeError

    jobs = [Job("test.often", Every(5), run)]
    for _ in range(80):
        run_due_jobs(ground, jobs)
        clock.move(timedelta(seconds=30))
    with ground.read() as session:
        (lot,) = parked.parked(session)
    assert "RuntimeError" in lot.error
    assert len(set(turns)) == 8
    fails = False
    clock.move(timedelta(minutes=5))
    assert run_due_jobs(ground, jobs) == 1
    with ground.read() as session:
        assert parked.parked(session) == []


def test_parked_turn_that_is_tried_again_runs(ground: Ground, clock: FixedClock) -> None:
    turns: list[datetime] = []

    def fail(_ground: Ground, slot: datetime) -> None:
        turns.append(slot)
        raise RuntimeError

    jobs = [Job("test.fail", DailyAt(9), fail)]
    for _ in range(ATTEMPTS_BEFORE_PARKING + 2):
        run_due_jobs(ground, jobs)
        clock.move(timedelta(minutes=30))
    with ground.work() as work:
        (lot,) = parked.parked(work.session)
        parked.retry(work, lot.kind, lot.key)
    run_due_jobs(ground, jobs)
    assert len(turns) == ATTEMPTS_BEFORE_PARKING + 1


def test_job_that_kills_its_process_each_time_is_parked(ground: Ground, clock: FixedClock) -> None:
    def die(_ground: Ground, _slot: datetime) -> None:
        raise SystemExit

    jobs = [Job("test.deadly", DailyAt(9), die)]
    for _ in range(ATTEMPTS_BEFORE_PARKING):
        with pytest.raises(SystemExit):
            run_due_jobs(ground, jobs)
        clock.move(timedelta(minutes=16))
    assert run_due_jobs(ground, jobs) == 0
    with ground.read() as session:
        (lot,) = parked.parked(session)
    assert "stopped" in lot.error
