from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kernel.errors import ConflictError, InvalidInputError
from referrals.model.clocks import ClockKind, ConsultBasis, Due, SchoolType, Step
from referrals.rules.clocks import LAWS, basis_of, check_done, check_start, dues, law_on, reminder_stage, school_type

TODAY = date(2026, 11, 23)


def test_R19_the_family_has_15_days_that_begin_with_the_day_of_service() -> None:
    (due,) = dues(ClockKind.DRAFT_PLAN, date(2026, 12, 18))
    assert due.due_on == date(2027, 1, 1), "the last day is served + 14, be it a bank holiday"


def test_R19_a_school_replies_within_15_calendar_days_holidays_or_not() -> None:
    (due,) = dues(ClockKind.CONSULTATION, date(2026, 12, 12))
    assert due.due_on == date(2026, 12, 27), "a Sunday after Christmas stays the last day"


def test_R19_the_final_plan_is_due_20_weeks_after_the_request() -> None:
    (due,) = dues(ClockKind.FINAL_PLAN, date(2026, 11, 23))
    assert due.due_on == date(2027, 4, 12)


def test_R19_an_annual_review_has_its_report_at_2_its_decision_at_4_and_its_plan_at_12_weeks() -> None:
    found = [(due.step, due.due_on) for due in dues(ClockKind.ANNUAL_REVIEW, date(2026, 11, 23))]
    assert found == [
        (Step.REPORT, date(2026, 12, 7)),
        (Step.DECISION, date(2026, 12, 21)),
        (Step.AMENDED_PLAN, date(2027, 2, 15)),
    ]


@given(some.dates(LAWS[0].since, date(2090, 1, 1)), some.sampled_from(list(ClockKind)))
def test_R19_no_clock_ever_minds_the_calendar(started_on: date, kind: ClockKind) -> None:
    days = law_on(started_on).days[kind]
    assert {due.step: (due.due_on - started_on).days for due in dues(kind, started_on)} == dict(days)


def test_before_the_first_law_no_clock_can_start() -> None:
    with pytest.raises(InvalidInputError) as caught:
        law_on(date(2014, 8, 31))
    assert caught.value.field == "started_on"


@pytest.mark.parametrize("kind", list(SchoolType))
def test_R20_only_an_independent_without_section_41_cannot_be_asked_for(kind: SchoolType) -> None:
    wanted = ConsultBasis.INDEPENDENT if kind is SchoolType.INDEPENDENT else ConsultBasis.SECTION_38
    assert basis_of(kind) is wanted


@pytest.mark.parametrize(
    ("name", "section41", "kind"),
    [
        ("Community special school", "Not applicable", SchoolType.MAINTAINED),
        ("Foundation school", "Not applicable", SchoolType.MAINTAINED),
        ("Academy special converter", "Not applicable", SchoolType.ACADEMY),
        ("Free schools special", "Not applicable", SchoolType.ACADEMY),
        ("Further education", "Not applicable", SchoolType.FE),
        ("Non-maintained special school", "Not applicable", SchoolType.NMSS),
        ("Other independent special school", "Approved", SchoolType.SECTION_41),
        ("Other independent special school", "Not approved", SchoolType.INDEPENDENT),
        ("Other independent school", "", SchoolType.INDEPENDENT),
        ("Special post 16 institution", "Approved", SchoolType.SECTION_41),
        ("Special post 16 institution", "Not approved", SchoolType.INDEPENDENT),
        ("Online provider", "Not applicable", SchoolType.INDEPENDENT),
        ("Offshore schools", "Not applicable", None),
    ],
)
def test_R20_what_gias_says_of_a_school_gives_its_type(name: str, section41: str, kind: SchoolType | None) -> None:
    assert school_type(name, section41) is kind


@pytest.mark.parametrize(
    ("started_on", "code", "field"),
    [
        (TODAY + timedelta(days=1), "L1", "started_on"),
        (TODAY - timedelta(days=367), "L1", "started_on"),
        (TODAY, "  ", "learner_code"),
        (TODAY, "x" * 41, "learner_code"),
    ],
)
def test_what_cannot_be_a_start_is_said_at_its_field(started_on: date, code: str, field: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_start(ClockKind.DRAFT_PLAN, started_on, code, TODAY)
    assert caught.value.field == field


def test_a_step_is_done_once_from_its_start_until_today() -> None:
    due = Due(Step.REPORT, TODAY)
    check_done(due, TODAY, TODAY, TODAY)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(InvalidInputError):
            check_done(due, TODAY, day, TODAY)
    with pytest.raises(ConflictError):
        check_done(Due(Step.REPORT, TODAY, TODAY), TODAY, TODAY, TODAY)


def test_reminders_come_5_days_and_1_day_before_and_the_day_after() -> None:
    stages = {days: reminder_stage(TODAY + timedelta(days=days), TODAY) for days in (6, 5, 2, 1, 0, -1, -30)}
    assert stages == {6: 0, 5: 1, 2: 1, 1: 2, 0: 2, -1: 3, -30: 3}
