"""A change after the issue is a new version to all who were asked, with time for everybody (R10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.model import Status
from kernel import audit
from kernel.calendar import is_working_day, london_date, working_days_between
from kernel.clock import FixedClock
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.timetable import run_due_jobs
from referrals.actions.equal.change_issue import ChangeIssue, change_issue
from referrals.actions.equal.move_deadline import move_deadline
from referrals.jobs import JOBS
from referrals.messages import ALERT, REMINDER
from referrals.messages.equal import CHANGED, MOVED
from referrals.model import Response, ResponseKind, Terms
from referrals.model.answers import DeclineCode
from referrals.rules.changing import earliest_after_change
from tests.referrals.equal.steps import REASON, change, sent, versions, wording
from tests.referrals.world import DEADLINE_ON, World

DECLINED = Response(ResponseKind.DECLINE, decline_code=DeclineCode.NO_PLACE)
REMIND = [job for job in JOBS if job.name == "referrals.send_reminders"]
DAY_BEFORE = datetime(2026, 11, 30, 13, tzinfo=UTC)
moments = st.integers(0, 60 * 24 * 600).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def test_a_change_is_a_new_version_to_everybody_also_to_those_who_declined(world: World) -> None:
    """R9, R10"""
    referral_id = world.issued()
    world.respond(referral_id, 0, DECLINED)
    change(world, referral_id)
    first, second = versions(world, referral_id)
    assert (first.version, second.version) == (1, 2)
    assert first.text["outcomes"] != second.text["outcomes"]
    assert first.hash != second.hash
    told = sent(world, CHANGED.key)
    assert {row.person_id for row in told} == {world.user(number).id for number in range(3)}
    assert all(row.values == told[0].values for row in told)


def test_the_first_version_stays_as_it_was(world: World) -> None:
    """R9"""
    referral_id = world.issued()
    (before,) = versions(world, referral_id)
    change(world, referral_id)
    after = versions(world, referral_id)[0]
    assert (before.text, before.hash, before.deadline_at) == (after.text, after.hash, after.deadline_at)


def test_a_change_shortly_before_the_deadline_moves_it(world: World, clock: FixedClock) -> None:
    """R10: deadline >= now + 2 WD"""
    referral_id = world.issued()
    clock.set(DAY_BEFORE)
    with pytest.raises(InvalidInputError) as raised:
        change(world, referral_id)
    assert raised.value.field == "deadline"
    change(world, referral_id, deadline_on=date(2026, 12, 3))
    assert versions(world, referral_id)[1].deadline_at == datetime(2026, 12, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize("deadline_on", [date(2026, 11, 30), date(2026, 12, 5)])
def test_a_change_never_makes_the_deadline_earlier_nor_puts_it_on_a_weekend(world: World, deadline_on: date) -> None:
    """R10, R14"""
    referral_id = world.issued()
    with pytest.raises(InvalidInputError):
        change(world, referral_id, deadline_on=deadline_on)


def test_nothing_changes_after_the_deadline(world: World, clock: FixedClock) -> None:
    """R10, R16"""
    referral_id = world.issued()
    clock.set(datetime(2026, 12, 1, 12, 0, 1, tzinfo=UTC))
    with pytest.raises(ConflictError):
        change(world, referral_id, deadline_on=date(2026, 12, 8))


def test_before_the_release_the_alert_itself_changes_and_still_waits_for_it(world: World) -> None:
    """R9, R10"""
    release_at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    referral_id = world.issued(release_at=release_at)
    change(world, referral_id)
    alerts = sent(world, ALERT.key)
    assert [row.status for row in alerts] == [Status.CANCELLED] * 3 + [Status.HELD] * 3
    assert {row.due_at for row in alerts[3:]} == {release_at}
    assert sent(world, CHANGED.key) == []


def test_two_who_change_at_once_do_not_undo_each_other(world: World) -> None:
    """R10"""
    referral_id = world.issued()
    change(world, referral_id)
    with pytest.raises(ConflictError):
        change(world, referral_id, wording("Something else."))
    change(world, referral_id, wording("Something else."), version=2)
    assert len(versions(world, referral_id)) == 3


def test_the_words_of_a_change_are_scanned_and_a_person_confirms_them(world: World) -> None:
    """R31"""
    referral_id = world.issued()
    new = wording("Learns to travel with Mr Brown.")
    with pytest.raises(InvalidInputError) as raised:
        change(world, referral_id, new)
    assert raised.value.field == "confirmed"
    with world.ground.work() as work:
        command = ChangeIssue(referral_id, 1, new, DEADLINE_ON, REASON, confirmed=["made up"])
        with pytest.raises(InvalidInputError):
            change_issue(work, world.commissioner, command)


def test_a_change_needs_a_reason_and_a_difference(world: World) -> None:
    """R10"""
    referral_id = world.issued()
    (issue,) = versions(world, referral_id)
    with pytest.raises(InvalidInputError), world.ground.work() as work:
        change_issue(work, world.commissioner, ChangeIssue(referral_id, 1, wording(), DEADLINE_ON, "why"))
    same = replace(wording(), **{key: issue.text[key] for key in ("outcomes", "risk_wording", "travel_zone")})
    with pytest.raises(InvalidInputError):
        change(world, referral_id, same)


def test_another_council_changes_nothing(world: World) -> None:
    """A3"""
    referral_id = world.issued()
    with pytest.raises(NotFoundError), world.ground.work() as work:
        change_issue(work, world.stranger, ChangeIssue(referral_id, 1, wording(), DEADLINE_ON, REASON))


def test_the_deadline_moves_for_all_at_once(world: World) -> None:
    """R11, R12: a new version with the text unchanged"""
    referral_id = world.issued()
    deadline_at = datetime(2026, 12, 4, 12, tzinfo=UTC)
    with world.ground.work() as work:
        move_deadline(work, audit.SYSTEM, referral_id, deadline_at, "One setting could not be reached.")
    first, second = versions(world, referral_id)
    assert second.text == first.text
    assert second.deadline_at == deadline_at
    assert second.issued_by is None
    assert {row.person_id for row in sent(world, MOVED.key)} == {world.user(number).id for number in range(3)}


def test_the_last_days_reminder_goes_again_for_a_later_deadline(world: World, clock: FixedClock) -> None:
    """R10, R18"""
    referral_id = world.issued()
    for at in (datetime(2026, 11, 27, 11, tzinfo=UTC), datetime(2026, 11, 30, 12, tzinfo=UTC)):
        clock.set(at)
        run_due_jobs(world.ground, REMIND)
    assert len(sent(world, REMINDER.key)) == 6
    change(world, referral_id, deadline_on=date(2026, 12, 4))
    clock.set(datetime(2026, 12, 3, 11, 55, tzinfo=UTC))
    run_due_jobs(world.ground, REMIND)
    assert len(sent(world, REMINDER.key)) == 6
    clock.set(datetime(2026, 12, 3, 12, tzinfo=UTC))
    run_due_jobs(world.ground, REMIND)
    run_due_jobs(world.ground, REMIND)
    assert len(sent(world, REMINDER.key)) == 9


@given(moments)
def test_a_change_always_leaves_two_whole_working_days(now: datetime) -> None:
    """R10"""
    earliest = earliest_after_change(now, Terms())
    assert is_working_day(london_date(earliest))
    assert working_days_between(london_date(now), london_date(earliest)) >= 2
    assert earliest - now >= timedelta(days=1, hours=12)
