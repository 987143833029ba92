from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import update

from fps.actions.evidence.hold_lapsed import hold_lapsed
from fps.actions.evidence.judge_document import accept_document
from fps.actions.evidence.record_document import RecordDocument, record_document
from fps.actions.evidence.remind_of_documents import remind_of_documents
from fps.jobs import JOBS
from fps.model import DocumentKind, Status
from fps.queries import status_history, status_on
from fps.queries.evidence import reminders_of
from fps.rules.evidence import REMINDERS_D, reminder_due, reminder_window
from fps.tables import LotDocumentRow
from fps.waiting import documents_running_out
from kernel.audit import SYSTEM
from kernel.calendar import at_london
from kernel.clock import FixedClock
from kernel.timetable import run_due_jobs
from kernel.work import Ground
from tests.fps.evidence.papers import last_status, offer, standing, told
from tests.fps.world import World

INSURANCE = DocumentKind.INSURANCE
OF_EVIDENCE = [job for job in JOBS if job.name in {"fps.hold_lapsed", "fps.remind_of_documents"}]
TODAY = date(2026, 11, 23)
WINTER, SUMMER = date(2027, 1, 31), date(2027, 6, 30)


def insured_until(ground: Ground, world: World, until: date, *, number: int = 0) -> str:
    """Return an active setting whose insurance ends on a day, and everything else later."""
    with ground.work() as work:
        setting_id = world.active_setting(work, number)
        for kind in world.lots[0].required_documents:
            record_document(work, world.lead, RecordDocument(setting_id, kind, date(2029, 1, 1)))
        record_document(work, world.lead, RecordDocument(setting_id, INSURANCE, until))
    return setting_id


@pytest.mark.parametrize("until", [WINTER, SUMMER], ids=["GMT", "BST"])
def test_the_day_after_its_end_in_london_the_setting_goes_on_hold_by_itself(
    ground: Ground, world: World, clock: FixedClock, until: date
) -> None:
    setting_id = insured_until(ground, world, until)
    after = until + timedelta(days=1)
    clock.set(at_london(until, time(23, 59)))
    run_due_jobs(ground, OF_EVIDENCE)
    assert last_status(ground, setting_id) is Status.ACTIVE, "it holds to the end of its last day"
    clock.set(at_london(after, time(0, 4)))
    run_due_jobs(ground, OF_EVIDENCE)
    assert last_status(ground, setting_id) is Status.ACTIVE, "the turn has not come"
    clock.set(at_london(after, time(0, 5)))
    run_due_jobs(ground, OF_EVIDENCE)
    run_due_jobs(ground, OF_EVIDENCE)
    steps = standing(ground, setting_id)
    assert steps[-1] == (
        Status.COMPLIANCE_HOLD,
        SYSTEM,
        f"The insurance certificate ended on {until.day} {until:%B %Y}.",
    )
    assert len(steps) == 4
    assert sorted(told(ground, "fps.document_lapsed")) == sorted([world.providers[0][1].id, world.lead.id])


def test_when_the_new_document_is_accepted_the_hold_ends_by_itself(
    ground: Ground, world: World, clock: FixedClock
) -> None:
    setting_id = insured_until(ground, world, WINTER)
    provider_id, user = world.providers[0]
    clock.set(datetime(2027, 2, 3, 12, tzinfo=UTC))
    hold_lapsed(ground, clock.now())
    assert last_status(ground, setting_id) is Status.COMPLIANCE_HOLD
    with ground.work() as work:
        accept_document(work, world.lead, offer(work, user, provider_id, setting_id))
    status, by, why = standing(ground, setting_id)[-1]
    assert (status, by) == (Status.ACTIVE, SYSTEM)
    assert "insurance certificate was accepted" in why
    assert sorted(told(ground, "fps.hold_ended")) == sorted([user.id, world.lead.id])
    hold_lapsed(ground, clock.now())
    assert last_status(ground, setting_id) is Status.ACTIVE


def test_a_hold_goes_on_while_another_required_document_does_not_hold(
    ground: Ground, world: World, clock: FixedClock
) -> None:
    setting_id = insured_until(ground, world, WINTER)
    with ground.work() as work:
        purpose = RecordDocument(setting_id, DocumentKind.STATEMENT_OF_PURPOSE, WINTER)
        record_document(work, world.lead, purpose)
    clock.set(datetime(2027, 2, 1, 12, tzinfo=UTC))
    hold_lapsed(ground, clock.now())
    provider_id, user = world.providers[0]
    with ground.work() as work:
        accept_document(work, world.lead, offer(work, user, provider_id, setting_id))
    assert last_status(ground, setting_id) is Status.COMPLIANCE_HOLD
    with ground.work() as work:
        record_document(work, world.lead, RecordDocument(setting_id, DocumentKind.STATEMENT_OF_PURPOSE, None))
    assert last_status(ground, setting_id) is Status.ACTIVE


def test_what_a_person_put_on_hold_or_suspended_never_comes_back_by_itself(
    ground: Ground, world: World, clock: FixedClock
) -> None:
    held, suspended = (insured_until(ground, world, SUMMER, number=number) for number in (0, 3))
    with ground.work() as work:
        world.step(work, held, Status.COMPLIANCE_HOLD)
        world.step(work, suspended, Status.SUSPENDED)
    clock.set(datetime(2027, 7, 2, 12, tzinfo=UTC))
    hold_lapsed(ground, clock.now())
    with ground.work() as work:
        for setting_id in (held, suspended):
            record_document(work, world.lead, RecordDocument(setting_id, INSURANCE, date(2029, 1, 1)))
    assert last_status(ground, held) is Status.COMPLIANCE_HOLD
    assert last_status(ground, suspended) is Status.SUSPENDED


def test_a_lapse_for_the_whole_provider_holds_each_setting_that_has_nothing_of_its_own(
    ground: Ground, world: World, clock: FixedClock
) -> None:
    provider_id, user = world.providers[0]
    covered, uncovered = (insured_until(ground, world, until, number=n) for n, until in ((0, SUMMER), (3, WINTER)))
    with ground.work() as work:
        accept_document(work, world.lead, offer(work, user, provider_id, None, until=date(2027, 2, 28)))
    clock.set(datetime(2027, 2, 10, 12, tzinfo=UTC))
    hold_lapsed(ground, clock.now())
    assert last_status(ground, uncovered) is Status.ACTIVE, "the provider's own still holds"
    clock.set(datetime(2027, 3, 1, 12, tzinfo=UTC))
    hold_lapsed(ground, clock.now())
    assert (last_status(ground, covered), last_status(ground, uncovered)) == (Status.ACTIVE, Status.COMPLIANCE_HOLD)
    with ground.work() as work:
        accept_document(work, world.lead, offer(work, user, provider_id, None))
    assert last_status(ground, uncovered) is Status.ACTIVE


def test_a_late_look_puts_on_hold_from_the_day_after_the_end(ground: Ground, world: World, clock: FixedClock) -> None:
    setting_id = insured_until(ground, world, WINTER)
    with ground.work() as work:
        purpose = RecordDocument(setting_id, DocumentKind.STATEMENT_OF_PURPOSE, WINTER + timedelta(days=2))
        record_document(work, world.lead, purpose)
        until = WINTER + timedelta(days=5)
        accept_document(work, world.lead, offer(work, world.providers[0][1], world.providers[0][0], None, until=until))
    clock.set(at_london(WINTER + timedelta(days=9), time(0, 5)))
    run_due_jobs(ground, OF_EVIDENCE)
    with ground.read() as session:
        days = [status_on(session, setting_id, world.lots[0].id, WINTER + timedelta(days=day)) for day in range(2, 5)]
    assert days == [Status.ACTIVE, Status.COMPLIANCE_HOLD, Status.COMPLIANCE_HOLD]
    assert "Statement of Purpose ended on 2 February 2027" in standing(ground, setting_id)[-1][2]


def test_a_late_look_never_counts_from_before_the_last_step(ground: Ground, world: World, clock: FixedClock) -> None:
    setting_id = insured_until(ground, world, TODAY - timedelta(days=30))
    with ground.work() as work:
        world.step(work, setting_id, Status.COMPLIANCE_HOLD)
        record_document(work, world.lead, RecordDocument(setting_id, INSURANCE, WINTER))
        world.step(work, setting_id, Status.ACTIVE, effective_on=TODAY)
        record_document(work, world.lead, RecordDocument(setting_id, INSURANCE, TODAY - timedelta(days=30)))
    clock.set(at_london(TODAY + timedelta(days=2), time(0, 5)))
    run_due_jobs(ground, OF_EVIDENCE)
    with ground.read() as session:
        last = status_history(session, setting_id, world.lots[0].id)[-1]
    assert (last.to_status, last.effective_on) == (Status.COMPLIANCE_HOLD, TODAY)


def test_a_hold_ends_when_the_lot_stops_asking_for_what_lapsed(ground: Ground, world: World, clock: FixedClock) -> None:
    setting_id, by_hand = (insured_until(ground, world, WINTER, number=number) for number in (0, 3))
    with ground.work() as work:
        world.step(work, by_hand, Status.COMPLIANCE_HOLD)
    clock.set(at_london(WINTER + timedelta(days=1), time(0, 5)))
    run_due_jobs(ground, OF_EVIDENCE)
    assert last_status(ground, setting_id) is Status.COMPLIANCE_HOLD
    with ground.work() as work:
        asked = update(LotDocumentRow).where(
            LotDocumentRow.lot_id == world.lots[0].id, LotDocumentRow.kind == INSURANCE
        )
        work.session.execute(asked.values(until=WINTER + timedelta(days=1)))
    clock.set(at_london(WINTER + timedelta(days=2), time(0, 5)))
    run_due_jobs(ground, OF_EVIDENCE)
    run_due_jobs(ground, OF_EVIDENCE)
    assert [by for status, by, _ in standing(ground, setting_id)][-1] == SYSTEM
    assert (last_status(ground, setting_id), last_status(ground, by_hand)) == (Status.ACTIVE, Status.COMPLIANCE_HOLD)
    assert sorted(told(ground, "fps.hold_ended")) == sorted([world.providers[0][1].id, world.lead.id])


def test_two_workers_at_once_take_one_step(ground: Ground, world: World, clock: FixedClock) -> None:
    setting_id = insured_until(ground, world, WINTER)
    clock.set(datetime(2027, 2, 1, 12, tzinfo=UTC))
    together = threading.Barrier(2)
    failed: list[BaseException] = []

    def work_on() -> None:
        together.wait()
        try:
            hold_lapsed(ground, clock.now())
        except Exception as error:  # noqa: BLE001 - the thread's failure is the test's
            failed.append(error)

    threads = [threading.Thread(target=work_on) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert [status for status, _, _ in standing(ground, setting_id)].count(Status.COMPLIANCE_HOLD) == 1
    assert len(told(ground, "fps.document_lapsed")) == 2


def test_reminders_go_out_60_30_14_7_and_1_days_before(ground: Ground, world: World, clock: FixedClock) -> None:
    insured_until(ground, world, WINTER)
    user = world.providers[0][1]
    days = []
    for left in range(65, -3, -1):
        clock.set(at_london(WINTER - timedelta(days=left), time(9)))
        before = len(told(ground, "fps.document_ending"))
        run_due_jobs(ground, OF_EVIDENCE)
        run_due_jobs(ground, OF_EVIDENCE)
        days += [left] * (len(told(ground, "fps.document_ending")) - before)
    assert days == list(REMINDERS_D)
    assert set(told(ground, "fps.document_ending")) == {user.id}


def test_after_missed_days_only_the_nearest_reminder_goes_out(ground: Ground, world: World, clock: FixedClock) -> None:
    insured_until(ground, world, WINTER)
    clock.set(at_london(WINTER - timedelta(days=10), time(12)))
    remind_of_documents(ground, clock.now())
    remind_of_documents(ground, clock.now())
    assert len(told(ground, "fps.document_ending")) == 1
    with ground.read() as session:
        [running_out], _total = documents_running_out(session, world.lead, clock.now())
        sent = reminders_of(session, running_out.document_id)
    assert [each.days_before for each in sent] == [14]


def test_reminders_stop_once_a_new_document_is_offered(ground: Ground, world: World, clock: FixedClock) -> None:
    setting_id = insured_until(ground, world, WINTER)
    provider_id, user = world.providers[0]
    with ground.work() as work:
        offer(work, user, provider_id, setting_id)
    clock.set(at_london(WINTER - timedelta(days=7), time(12)))
    remind_of_documents(ground, clock.now())
    assert told(ground, "fps.document_ending") == []


def test_nobody_is_reminded_for_a_setting_that_has_left(ground: Ground, world: World, clock: FixedClock) -> None:
    setting_id = insured_until(ground, world, WINTER)
    with ground.work() as work:
        world.step(work, setting_id, Status.SUSPENDED, Status.DECOMMISSIONING, Status.EXITED)
    clock.set(at_london(WINTER - timedelta(days=7), time(12)))
    remind_of_documents(ground, clock.now())
    assert told(ground, "fps.document_ending") == []


def test_the_windows_of_the_reminders_meet_the_rule_on_every_day() -> None:
    for left in range(-2, 70):
        due = reminder_due(WINTER - timedelta(days=left), WINTER)
        windows = [
            days
            for days in REMINDERS_D
            if (span := reminder_window(days, WINTER - timedelta(days=left)))[0] <= WINTER <= span[1]
        ]
        assert windows == ([] if due is None else [due])
