from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import is_bank_holiday, is_working_day, working_days_between
from qa_visits.model import SettingCalendar, Span, VisitSettings, VisitType
from qa_visits.rules.days import (
    DayQuestion,
    Obstacle,
    are_term_dates_known,
    earliest_day,
    free_days,
    may_visit_on,
)

MONDAY = date(2026, 11, 23)
AUTUMN_2 = Span(date(2026, 11, 2), date(2026, 12, 18))
SPRING_1 = Span(date(2027, 1, 4), date(2027, 2, 12))
TERMS = SettingCalendar(half_terms=(AUTUMN_2, SPRING_1), closures=(Span(date(2026, 12, 10), date(2026, 12, 11)),))
ANNUAL = DayQuestion(
    visit_type=VisitType.ANNUAL,
    is_unannounced=False,
    today=MONDAY,
    calendar=TERMS,
    settings=VisitSettings(),
)
UNANNOUNCED = replace(ANNUAL, is_unannounced=True)


def test_q1_ordinary_school_day_may_be_visited() -> None:
    """Q1."""
    assert may_visit_on(date(2026, 12, 9), ANNUAL) == ()


@pytest.mark.parametrize(
    ("day", "obstacle"),
    [
        (date(2026, 12, 10), Obstacle.CLOSED),
        (date(2026, 12, 17), Obstacle.HALF_TERM_EDGE),
        (date(2026, 12, 18), Obstacle.HALF_TERM_EDGE),
        (date(2026, 12, 21), Obstacle.OUT_OF_TERM),
        (date(2026, 12, 25), Obstacle.BANK_HOLIDAY),
        (date(2026, 12, 28), Obstacle.BANK_HOLIDAY),
        (date(2027, 1, 5), Obstacle.HALF_TERM_EDGE),
        (date(2026, 12, 12), Obstacle.WEEKEND),
        (date(2026, 11, 20), Obstacle.PAST),
    ],
)
def test_q1_day_is_refused_with_its_reason(day: date, obstacle: Obstacle) -> None:
    """Q1."""
    assert obstacle in may_visit_on(day, ANNUAL)


def test_q1_first_day_after_the_edge_is_free() -> None:
    """Q1."""
    assert Obstacle.HALF_TERM_EDGE not in may_visit_on(date(2027, 1, 6), ANNUAL)
    assert Obstacle.HALF_TERM_EDGE not in may_visit_on(date(2026, 12, 16), ANNUAL)


def test_q1_closure_at_the_end_of_term_moves_the_edge_inwards() -> None:
    """Q1."""
    calendar = SettingCalendar(half_terms=(AUTUMN_2,), closures=(Span(date(2026, 12, 18), date(2026, 12, 18)),))
    question = replace(ANNUAL, calendar=calendar)

    assert Obstacle.HALF_TERM_EDGE in may_visit_on(date(2026, 12, 16), question)
    assert Obstacle.HALF_TERM_EDGE not in may_visit_on(date(2026, 12, 15), question)


def test_q1_margin_is_a_setting() -> None:
    """Q1."""
    question = replace(ANNUAL, settings=VisitSettings(avoid_first_last_days=0))

    assert may_visit_on(date(2026, 12, 18), question) == ()


def test_q1_responsive_visit_may_be_on_any_day_to_come() -> None:
    """Q1."""
    responsive = replace(ANNUAL, visit_type=VisitType.RESPONSIVE)

    for day in (MONDAY, date(2026, 12, 10), date(2026, 12, 18), date(2026, 12, 25), date(2026, 12, 12)):
        assert may_visit_on(day, responsive) == ()
    assert may_visit_on(date(2026, 11, 20), responsive) == (Obstacle.PAST,)


def test_q3_terms_are_never_assumed_where_the_setting_has_not_told_them() -> None:
    """Q3."""
    untold = replace(ANNUAL, calendar=SettingCalendar())

    assert may_visit_on(date(2026, 12, 21), untold) == ()
    assert not are_term_dates_known(date(2026, 12, 21), SettingCalendar())
    assert are_term_dates_known(date(2026, 12, 21), TERMS)
    assert not are_term_dates_known(date(2027, 3, 1), TERMS)


def test_desktop_review_ignores_the_setting_and_minds_the_officers_diary() -> None:
    desktop = replace(ANNUAL, visit_type=VisitType.DESKTOP, busy={date(2026, 12, 21)})

    assert may_visit_on(date(2026, 12, 22), desktop) == ()
    assert may_visit_on(date(2026, 12, 21), desktop) == (Obstacle.OFFICER_BUSY,)


@pytest.mark.parametrize(
    ("visit_type", "first"),
    [
        (VisitType.PRE_PLACEMENT, MONDAY),
        (VisitType.BASELINE, date(2026, 12, 7)),
        (VisitType.ANNUAL, date(2026, 12, 7)),
        (VisitType.TERMLY, date(2026, 11, 30)),
        (VisitType.AP_REVIEW, date(2026, 11, 30)),
        (VisitType.RESPONSIVE, MONDAY),
        (VisitType.FOLLOW_UP, date(2026, 11, 25)),
        (VisitType.DESKTOP, MONDAY),
    ],
)
def test_notice_period_of_each_type_in_working_days(visit_type: VisitType, first: date) -> None:
    assert earliest_day(replace(ANNUAL, visit_type=visit_type)) == first


def test_notice_counts_over_christmas_without_bank_holidays() -> None:
    assert earliest_day(replace(ANNUAL, today=date(2026, 12, 17))) == date(2027, 1, 5)


def test_day_inside_the_notice_period_is_refused_unless_unannounced() -> None:
    assert may_visit_on(date(2026, 12, 4), ANNUAL) == (Obstacle.TOO_SOON,)
    assert may_visit_on(date(2026, 12, 4), UNANNOUNCED) == ()


def test_free_days_are_named_in_order_and_leave_out_taken_days() -> None:
    question = replace(ANNUAL, busy={date(2026, 12, 8)})
    days = list(free_days(question))

    assert days[:5] == [
        date(2026, 12, 7),
        date(2026, 12, 9),
        date(2026, 12, 14),
        date(2026, 12, 15),
        date(2026, 12, 16),
    ]
    assert days[5] == date(2027, 1, 6)


def test_free_days_can_start_later() -> None:
    assert next(free_days(ANNUAL, start=date(2026, 12, 15))) == date(2026, 12, 15)


@given(
    today=st.dates(date(2026, 1, 2), date(2028, 6, 1)),
    visit_type=st.sampled_from([each for each in VisitType if each is not VisitType.DESKTOP]),
    busy=st.sets(st.integers(0, 60), max_size=20),
)
def test_q1_free_day_is_never_a_bank_holiday_a_taken_day_or_without_notice(
    today: date, visit_type: VisitType, busy: set[int]
) -> None:
    """Q1."""
    taken = {today + timedelta(days=each) for each in busy}
    question = replace(ANNUAL, today=today, visit_type=visit_type, busy=taken)
    notice_wd = question.settings.notice_wd[visit_type] or 0

    for day in free_days(question):
        assert is_working_day(day)
        assert not is_bank_holiday(day)
        assert day not in taken
        assert working_days_between(today, day) >= notice_wd
