"""Who could not be told: the owner hears within 15 minutes, and all get more time if nothing helps (R12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from channels.model import Status
from channels.tables import MessageRow
from kernel import audit
from kernel.clock import FixedClock
from kernel.errors import ConflictError, NotFoundError
from kernel.timetable import run_due_jobs
from people.model import Role
from people.tables import RoleRow
from referrals.actions.answers.hand_over import HandOver, hand_over
from referrals.actions.equal.tell_again import tell_again
from referrals.jobs import JOBS
from referrals.messages import ALERT
from referrals.messages.equal import ANSWERED, MOVED, NOT_REACHED
from referrals.queries.providers import invitation
from referrals.tables import AlarmRow
from tests.fps import world as register
from tests.referrals.equal.steps import sent, versions
from tests.referrals.equal.test_questions import answer, ask
from tests.referrals.world import World

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def outcome(world: World, numbers: tuple[int, ...], status: Status, key: str = ALERT.key) -> None:
    """Let the messages of a key to users of these providers end like this."""
    people = [world.user(number).id for number in numbers]
    with world.ground.work() as work:
        change = update(MessageRow).where(MessageRow.key == key, MessageRow.person_id.in_(people))
        work.session.execute(change.values(status=status, sent_at=work.now if status == Status.SENT else None))


def later(world: World, clock: FixedClock, at: datetime) -> None:
    """Let the jobs run at a moment."""
    clock.set(at)
    run_due_jobs(world.ground, JOBS)


def alarms(world: World) -> list[AlarmRow]:
    """Return all alarms."""
    with world.ground.read() as session:
        return list(session.scalars(select(AlarmRow).order_by(AlarmRow.found_at)))


def with_a_failure(world: World) -> str:
    """Issue a referral that reaches two of three."""
    referral_id = world.issued()
    outcome(world, (0, 1), Status.SENT)
    outcome(world, (2,), Status.FAILED)
    return referral_id


def test_a_failed_delivery_alarms_its_owner_within_15_minutes_once(world: World, clock: FixedClock) -> None:
    """R12"""
    with_a_failure(world)
    later(world, clock, NOW + timedelta(minutes=5))
    later(world, clock, NOW + timedelta(minutes=10))
    assert len(alarms(world)) == 1
    (told,) = sent(world, NOT_REACHED.key)
    assert told.person_id == world.commissioner.id
    assert told.values["count"] == 1
    assert told.values["until"] == (NOW + timedelta(hours=4, minutes=5)).isoformat()


def test_what_is_stuck_alarms_as_what_failed_does(world: World, clock: FixedClock) -> None:
    """R12: an alert that nobody hands over is as bad"""
    world.issued()
    later(world, clock, NOW + timedelta(minutes=10))
    assert alarms(world) == []
    later(world, clock, NOW + timedelta(minutes=15))
    assert len(alarms(world)) == 3


def test_nobody_is_alarmed_before_the_release(world: World, clock: FixedClock) -> None:
    """R9, R12"""
    world.issued(release_at=NOW + timedelta(hours=3))
    outcome(world, (0, 1, 2), Status.FAILED)
    later(world, clock, NOW + timedelta(hours=2))
    assert alarms(world) == []


def test_unrepaired_for_4_hours_the_deadline_moves_for_all_and_only_once(world: World, clock: FixedClock) -> None:
    """R12: deliver.repair_h"""
    referral_id = with_a_failure(world)
    for minutes in (5, 240, 245, 250, 600, 2000):
        later(world, clock, NOW + timedelta(minutes=minutes))
        outcome(world, (0, 1), Status.SENT, MOVED.key)
        outcome(world, (2,), Status.FAILED, MOVED.key)
        assert len(versions(world, referral_id)) == (1 if minutes < 245 else 2)
    assert versions(world, referral_id)[1].deadline_at == datetime(2026, 12, 2, 12, tzinfo=UTC)
    assert {row.person_id for row in sent(world, MOVED.key)} == {world.user(number).id for number in range(3)}
    assert len(sent(world, NOT_REACHED.key)) == 1


def test_repaired_in_time_nothing_moves(world: World, clock: FixedClock) -> None:
    """R12"""
    referral_id = with_a_failure(world)
    later(world, clock, NOW + timedelta(minutes=5))
    with world.ground.work() as work:
        assert tell_again(work, world.colleague, referral_id) == 1
        assert tell_again(work, world.colleague, referral_id) == 0
    later(world, clock, NOW + timedelta(minutes=10))
    assert alarms(world)[0].repaired_at is None
    first, again = (row for row in sent(world, ALERT.key) if row.person_id == world.user(2).id)
    assert first.values == again.values
    with world.ground.work() as work:
        work.session.execute(update(MessageRow).where(MessageRow.id == again.id).values(status=Status.DELIVERED))
    later(world, clock, NOW + timedelta(minutes=15))
    later(world, clock, NOW + timedelta(hours=5))
    assert alarms(world)[0].repaired_at is not None
    assert len(versions(world, referral_id)) == 1


def test_an_answer_to_a_question_that_does_not_come_alarms_though_the_alert_came(
    world: World, clock: FixedClock
) -> None:
    """R11, R12: whoever answered before it was given has not read it either"""
    referral_id = world.issued()
    outcome(world, (0, 1, 2), Status.SENT)
    world.respond(referral_id, 2)
    clock.set(NOW + timedelta(minutes=1))
    answer(world, ask(world, referral_id))
    outcome(world, (0, 1), Status.SENT, ANSWERED.key)
    outcome(world, (2,), Status.FAILED, ANSWERED.key)
    later(world, clock, NOW + timedelta(minutes=5))
    assert len(alarms(world)) == 1
    world.respond(referral_id, 2)
    later(world, clock, NOW + timedelta(minutes=10))
    assert alarms(world)[0].repaired_at is not None


def test_whoever_hands_the_request_on_has_been_reached(world: World, clock: FixedClock) -> None:
    """R12"""
    referral_id = world.issued()
    outcome(world, (0, 1, 2), Status.SENT)
    clock.set(NOW + timedelta(minutes=1))
    with world.ground.work() as work:
        user = world.user(0)
        mate = register.member(work, "New Mate", Role.PROVIDER_USER, user.roles[0].organisation_id)
        (asked,) = invitation(work.session, user, referral_id, work.now).settings
        hand_over(work, user, HandOver(asked.recipient_id, mate.id))
    later(world, clock, NOW + timedelta(minutes=20))
    assert alarms(world) == []


def test_whoever_answers_has_been_reached(world: World, clock: FixedClock) -> None:
    """R12"""
    referral_id = with_a_failure(world)
    later(world, clock, NOW + timedelta(minutes=5))
    world.respond(referral_id, 2)
    later(world, clock, NOW + timedelta(hours=5))
    assert alarms(world)[0].repaired_at is not None
    assert len(versions(world, referral_id)) == 1


def test_a_setting_for_which_nobody_hears_is_not_reached(world: World, clock: FixedClock) -> None:
    """R12"""
    world.issued()
    outcome(world, (0, 1, 2), Status.SENT)
    with world.ground.work() as work:
        for role in work.session.scalars(select(RoleRow).where(RoleRow.person_id == world.user(2).id)):
            work.session.delete(role)
    later(world, clock, NOW + timedelta(minutes=5))
    assert len(alarms(world)) == 1


def test_shortly_before_the_deadline_it_moves_before_it_is_too_late(world: World, clock: FixedClock) -> None:
    """R12: 4 hours would end after the deadline"""
    referral_id = with_a_failure(world)
    later(world, clock, datetime(2026, 12, 1, 11, 30, tzinfo=UTC))
    later(world, clock, datetime(2026, 12, 1, 11, 45, tzinfo=UTC))
    assert versions(world, referral_id)[-1].deadline_at == datetime(2026, 12, 3, 12, tzinfo=UTC)


def test_only_the_council_sends_again_and_only_while_it_is_open(world: World, clock: FixedClock) -> None:
    """A3, R12"""
    referral_id = with_a_failure(world)
    with pytest.raises(NotFoundError), world.ground.work() as work:
        tell_again(work, world.stranger, referral_id)
    clock.set(datetime(2026, 12, 2, 12, tzinfo=UTC))
    with pytest.raises(ConflictError), world.ground.work() as work:
        tell_again(work, world.commissioner, referral_id)


def test_each_step_is_on_record(world: World, clock: FixedClock) -> None:
    """R34"""
    referral_id = with_a_failure(world)
    later(world, clock, NOW + timedelta(minutes=5))
    later(world, clock, NOW + timedelta(hours=5))
    outcome(world, (0, 1), Status.SENT, MOVED.key)
    world.respond(referral_id, 2)
    later(world, clock, NOW + timedelta(hours=6))
    with world.ground.read() as session:
        actions = [line.action for line in audit.lines_about(session, ("referral", referral_id))]
    assert [action for action in reversed(actions) if action not in {"referrals.draft", "referrals.issue"}][-4:] == [
        "referrals.not_reached",
        "referrals.change",
        "referrals.respond",
        "referrals.reached",
    ]
