from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from channels.tables import MessageRow
from kernel.clock import FixedClock
from kernel.timetable import run_due_jobs
from referrals.jobs import JOBS
from referrals.messages import ALERT, REMINDER
from referrals.model import Response, ResponseKind
from tests.referrals.world import OFFER, World

DEADLINE = datetime(2026, 12, 1, 12, tzinfo=UTC)
HALFWAY = datetime(2026, 11, 27, 11, tzinfo=UTC)
LAST_DAY = datetime(2026, 11, 30, 12, tzinfo=UTC)
QUESTION = Response(ResponseKind.NEED_MORE_INFORMATION, information_wanted="Is a lift needed?")


def reminded(world: World, at: datetime, clock: FixedClock) -> list[tuple[str | None, str]]:
    """Run the jobs at a moment and return who has been reminded so far, with the status of each message."""
    clock.set(at)
    run_due_jobs(world.ground, [job for job in JOBS if job.name == "referrals.send_reminders"])
    with world.ground.read() as session:
        rows = session.scalars(select(MessageRow).where(MessageRow.key == REMINDER.key).order_by(MessageRow.seq))
        return [(row.person_id, row.status) for row in rows]


def test_only_those_without_a_final_answer_are_reminded_halfway_and_a_working_day_before(
    world: World, clock: FixedClock
) -> None:
    """R18"""
    referral_id = world.issued()
    world.respond(referral_id, 0, OFFER)
    world.respond(referral_id, 1, QUESTION)
    users = [world.user(number).id for number in range(3)]
    assert reminded(world, HALFWAY - timedelta(minutes=5), clock) == []
    assert {person for person, _ in reminded(world, HALFWAY, clock)} == {users[1], users[2]}
    assert len(reminded(world, HALFWAY + timedelta(minutes=5), clock)) == 2
    world.respond(referral_id, 1, OFFER)
    after = reminded(world, LAST_DAY, clock)
    assert [person for person, _ in after[2:]] == [users[2]]
    assert len(reminded(world, DEADLINE + timedelta(minutes=5), clock)) == 3


def test_reminders_are_worded_alike_and_like_the_alert_identify_nobody(world: World, clock: FixedClock) -> None:
    """R18, R30"""
    world.issued()
    reminded(world, HALFWAY, clock)
    reminded(world, LAST_DAY, clock)
    with world.ground.read() as session:
        told = select(MessageRow).where(MessageRow.key.in_((ALERT.key, REMINDER.key)))
        values = [row.values for row in session.scalars(told)]
    assert len(values) == 9
    assert all(value == values[0] for value in values)


def test_a_reminder_that_waits_is_cancelled_when_the_answer_comes(world: World, clock: FixedClock) -> None:
    """R18"""
    referral_id = world.issued()
    assert len(reminded(world, HALFWAY, clock)) == 3
    world.respond(referral_id, 0, QUESTION)
    assert dict(reminded(world, HALFWAY, clock))[world.user(0).id] == "queued"
    world.respond(referral_id, 0, OFFER)
    found = dict(reminded(world, HALFWAY, clock))
    assert [found[world.user(number).id] for number in range(3)] == ["cancelled", "queued", "queued"]


def test_a_clock_that_is_moved_far_sends_one_reminder_and_none_after_the_deadline(
    world: World, clock: FixedClock
) -> None:
    """R18"""
    world.issued()
    assert len(reminded(world, DEADLINE - timedelta(hours=1), clock)) == 3
    assert len(reminded(world, DEADLINE, clock)) == 3


def test_nothing_goes_for_a_referral_whose_deadline_was_jumped_over(world: World, clock: FixedClock) -> None:
    """R18"""
    world.issued()
    assert reminded(world, DEADLINE + timedelta(days=1), clock) == []
