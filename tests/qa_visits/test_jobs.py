from __future__ import annotations

import tracemalloc
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from channels.tables import MessageRow
from kernel.calendar import LONDON
from kernel.clock import FixedClock
from kernel.ids import new_id
from kernel.timetable import run_due_jobs
from kernel.work import Ground
from qa_visits import jobs
from qa_visits.actions.accept_visit import accept_visit
from qa_visits.actions.change_figure import ChangeFigure, change_figure
from qa_visits.actions.reject_evidence import RejectEvidence, reject_evidence
from qa_visits.actions.submit_evidence import SubmitEvidence, submit_evidence
from qa_visits.actions.verify_action import verify_action
from qa_visits.jobs import JOBS, chase_actions
from qa_visits.model import Rag
from qa_visits.queries import action, timeline
from qa_visits.tables import ActionRow
from tests.qa_visits.world import World, messages, open_action, propose

REMINDERS = {"action_reminder", "action_due_today", "action_overdue"}


@pytest.fixture
def visit_id(ground: Ground, world: World, clock: FixedClock) -> str:
    visit_id = propose(ground, world)
    with ground.work() as work:
        accept_visit(work, world.officer, visit_id)
    clock.set(datetime(2026, 12, 9, 16, tzinfo=UTC))
    return visit_id


def reminders(ground: Ground, since: int = 0) -> list[str]:
    return [told.key for told in messages(ground, since=since) if told.key in REMINDERS]


def live(ground: Ground, clock: FixedClock, until: datetime, step: timedelta = timedelta(hours=1)) -> list[str]:
    """Move the clock on, letting the timetable run at every step; return what was sent, with its London time."""
    sent: list[str] = []
    while clock.now() < until:
        clock.move(step)
        before = max((told.seq for told in messages(ground)), default=0)
        run_due_jobs(ground, JOBS)
        sent += [f"{clock.now().astimezone(LONDON):%a %d %b %H:%M} {key}" for key in reminders(ground, before)]
    return sent


def test_whole_life_of_an_action_over_christmas(ground: Ground, world: World, visit_id: str, clock: FixedClock) -> None:
    """Chasers -10/-3/0/+1/+5 WD: 25 and 28 December and 1 January are bank holidays, and nobody hears on a day off."""
    action_id = open_action(ground, world, visit_id, date(2027, 1, 4))

    sent = live(ground, clock, datetime(2027, 2, 1, tzinfo=UTC))

    assert sent == [
        "Wed 16 Dec 09:00 action_reminder",
        "Tue 29 Dec 09:00 action_reminder",
        "Mon 04 Jan 09:00 action_due_today",
        "Tue 05 Jan 09:00 action_overdue",
        "Mon 11 Jan 09:00 action_overdue",
    ]
    with ground.read() as session:
        happened = [entry.note for entry in timeline(session, action_id)][:-1]
        assert action(session, action_id, today=date(2027, 2, 1), provider_ids=[world.provider]).rag is Rag.RED
    assert happened == [
        "5 working days after the due date.",
        "1 working day after the due date.",
        "On the due date.",
        "3 working days before the due date.",
        "10 working days before the due date.",
    ]


def test_nine_oclock_stays_nine_oclock_when_the_clocks_change(
    ground: Ground, world: World, visit_id: str, clock: FixedClock
) -> None:
    """The clocks go forward on 28 March 2027, between Good Friday and Easter Monday."""
    clock.set(datetime(2027, 3, 8, 12, tzinfo=UTC))
    open_action(ground, world, visit_id, date(2027, 3, 30))

    sent = live(ground, clock, datetime(2027, 4, 10, tzinfo=UTC))

    assert sent == [
        "Fri 12 Mar 09:00 action_reminder",
        "Tue 23 Mar 09:00 action_reminder",
        "Tue 30 Mar 09:00 action_due_today",
        "Wed 31 Mar 09:00 action_overdue",
        "Tue 06 Apr 09:00 action_overdue",
    ]


def test_job_that_runs_twice_reminds_once(ground: Ground, world: World, visit_id: str, clock: FixedClock) -> None:
    open_action(ground, world, visit_id, date(2027, 1, 4))
    slot = datetime(2026, 12, 16, 9, tzinfo=UTC)
    clock.set(slot)

    for _ in range(3):
        chase_actions(ground, slot)

    assert reminders(ground) == ["action_reminder"]


def test_reminder_queued_in_a_lost_run_is_not_queued_again(
    ground: Ground, world: World, visit_id: str, clock: FixedClock
) -> None:
    """Even with its note of the next chaser lost, the dedupe key keeps a second reminder back."""
    action_id = open_action(ground, world, visit_id, date(2027, 1, 4))
    slot = datetime(2026, 12, 16, 9, tzinfo=UTC)
    clock.set(slot)
    chase_actions(ground, slot)
    with ground.work() as work:
        work.session.get_one(ActionRow, action_id).next_chaser_on = date(2026, 12, 16)

    chase_actions(ground, slot)

    assert reminders(ground) == ["action_reminder"]


def test_after_days_of_silence_only_the_latest_due_goes_out(
    ground: Ground, world: World, visit_id: str, clock: FixedClock
) -> None:
    open_action(ground, world, visit_id, date(2027, 1, 4))
    clock.set(datetime(2027, 1, 7, 13, tzinfo=UTC))

    sent = live(ground, clock, datetime(2027, 2, 1, tzinfo=UTC))

    assert sent == ["Thu 07 Jan 14:00 action_overdue", "Mon 11 Jan 09:00 action_overdue"]


def test_silence_that_ends_at_night_waits_for_nine_oclock(
    ground: Ground, world: World, visit_id: str, clock: FixedClock
) -> None:
    """The day of the slot counts: before nine the due date's reminder is not due yet."""
    open_action(ground, world, visit_id, date(2027, 1, 4))
    clock.set(datetime(2027, 1, 4, 0, 0, tzinfo=UTC))

    sent = live(ground, clock, datetime(2027, 1, 4, 12, tzinfo=UTC))

    assert sent == ["Mon 04 Jan 01:00 action_reminder", "Mon 04 Jan 09:00 action_due_today"]


def test_evidence_stops_the_reminders_and_sending_it_back_starts_them_again(
    ground: Ground, world: World, visit_id: str, clock: FixedClock
) -> None:
    action_id = open_action(ground, world, visit_id, date(2027, 1, 4))
    clock.set(datetime(2026, 12, 17, 10, tzinfo=UTC))
    with ground.work() as work:
        submit_evidence(work, world.owner, SubmitEvidence(action_id, "The book is kept from now on."))
    assert live(ground, clock, datetime(2027, 1, 4, 12, tzinfo=UTC)) == []

    with ground.work() as work:
        reject_evidence(work, world.officer, RejectEvidence(action_id, "Show the month of December."))
    assert live(ground, clock, datetime(2027, 1, 6, tzinfo=UTC)) == ["Tue 05 Jan 09:00 action_overdue"]

    with ground.work() as work:
        submit_evidence(work, world.owner, SubmitEvidence(action_id, "December is attached and signed."))
        verify_action(work, world.officer, action_id)
    assert live(ground, clock, datetime(2027, 2, 1, tzinfo=UTC)) == []


def test_reminder_still_waiting_is_withdrawn_when_the_evidence_comes(
    ground: Ground, world: World, visit_id: str, clock: FixedClock
) -> None:
    action_id = open_action(ground, world, visit_id, date(2027, 1, 4))
    slot = datetime(2026, 12, 16, 9, tzinfo=UTC)
    clock.set(slot)
    chase_actions(ground, slot)
    with ground.work() as work:
        submit_evidence(work, world.owner, SubmitEvidence(action_id, "The book is kept from now on."))

    [reminder] = [told for told in messages(ground, to=world.owner) if told.key in REMINDERS]
    assert reminder.status == "cancelled"


def test_nobody_is_chased_on_the_day_the_action_was_given_out(
    ground: Ground, world: World, visit_id: str, clock: FixedClock
) -> None:
    """Given out at 08:00 ten working days before it is due: the first reminder is the one of -3 WD."""
    clock.set(datetime(2026, 12, 16, 8, tzinfo=UTC))
    open_action(ground, world, visit_id, date(2027, 1, 4))

    sent = live(ground, clock, datetime(2026, 12, 30, tzinfo=UTC))

    assert sent == ["Tue 29 Dec 09:00 action_reminder"]


def test_chaser_days_are_a_setting(ground: Ground, world: World, visit_id: str, clock: FixedClock) -> None:
    with ground.work() as work:
        change_figure(work, world.administrator, ChangeFigure("plan.chaser_offsets_wd", [-2, 2]))
    open_action(ground, world, visit_id, date(2027, 1, 4))

    sent = live(ground, clock, datetime(2027, 2, 1, tzinfo=UTC))

    assert sent == ["Wed 30 Dec 09:00 action_reminder", "Wed 06 Jan 09:00 action_overdue"]


def test_many_actions_are_chased_once_each_in_memory_that_does_not_grow(
    ground: Ground, world: World, visit_id: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 50)
    model = open_action(ground, world, visit_id, date(2027, 1, 4))
    peaks = []
    for count in (200, 800):
        copy_actions(ground, model, count)
        clock.set(datetime(2026, 12, 16, 9, tzinfo=UTC))
        tracemalloc.start()
        chase_actions(ground, clock.now())
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    with ground.read() as session:
        reminded = session.scalar(select(func.count()).where(MessageRow.key == "qa_visits.action_reminder"))
    assert reminded == 1001
    assert peaks[1] < peaks[0] * 1.5


def copy_actions(ground: Ground, model_id: str, count: int) -> None:
    with ground.work() as work:
        model = work.session.get_one(ActionRow, model_id)
        columns = {column.key: getattr(model, column.key) for column in ActionRow.__table__.columns}
        columns["next_chaser_on"] = date(2026, 12, 16)
        work.session.execute(insert(ActionRow), [{**columns, "id": new_id()} for _ in range(count)])
