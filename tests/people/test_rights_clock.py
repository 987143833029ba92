"""V11: one calendar month as the Information Commissioner reckons it, pauses, extension, complaints, reminders."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import is_working_day
from people.rights.model import Pause, PauseReason, RequestKind
from people.rights.rules import Clock, due_on, may_extend, month_later, reminder_due

CLARIFICATION, IDENTITY = PauseReason.CLARIFICATION, PauseReason.IDENTITY


def _clock(received: date, **told: object) -> Clock:
    return Clock(RequestKind.ACCESS, received, **told)  # type: ignore[arg-type]  # named as the clock's fields


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 9, 3), date(2026, 10, 5)),  # the 3rd is a Saturday
        (date(2026, 3, 31), date(2026, 4, 30)),  # April has no 31st
        (date(2026, 11, 25), date(2026, 12, 29)),  # Christmas, its weekend and the day given for Boxing Day
        (date(2026, 1, 31), date(2026, 3, 2)),  # 28 February is a Saturday
        (date(2026, 6, 10), date(2026, 7, 10)),
    ],
)
def test_V11_a_request_is_due_on_the_corresponding_day_of_the_next_month(received: date, due: date) -> None:
    assert due_on(_clock(received)) == due


def test_V11_two_more_months_count_from_receipt() -> None:
    assert due_on(_clock(date(2026, 6, 10), is_extended=True)) == date(2026, 9, 10)


def test_V11_days_of_waiting_for_an_explanation_are_added_and_the_clock_stands_still_meanwhile() -> None:
    asked = Pause(CLARIFICATION, date(2026, 6, 15), None)
    assert due_on(_clock(date(2026, 6, 10), pauses=(asked,))) is None
    told = Pause(CLARIFICATION, date(2026, 6, 15), date(2026, 6, 18))
    assert due_on(_clock(date(2026, 6, 10), pauses=(told,))) == date(2026, 7, 13)


def test_V11_the_clock_starts_when_we_know_who_asks() -> None:
    shown = Pause(IDENTITY, date(2026, 6, 10), date(2026, 6, 20))
    assert due_on(_clock(date(2026, 6, 10), identity_on=date(2026, 6, 20), pauses=(shown,))) == date(2026, 7, 20)


def test_V11_a_complaint_is_acknowledged_within_30_days_the_day_after_receipt_being_the_first() -> None:
    received = date(2026, 6, 19)
    assert due_on(Clock(RequestKind.COMPLAINT, received)) == date(2026, 7, 19)
    assert due_on(Clock(RequestKind.COMPLAINT, received, acknowledged_on=date(2026, 6, 20))) is None


def test_V11_two_more_months_are_taken_within_the_first_and_once() -> None:
    clock = _clock(date(2026, 6, 10))
    assert may_extend(clock, date(2026, 7, 10))
    assert not may_extend(clock, date(2026, 7, 11))
    assert not may_extend(_clock(date(2026, 6, 10), is_extended=True), date(2026, 6, 11))
    assert not may_extend(Clock(RequestKind.COMPLAINT, date(2026, 6, 10)), date(2026, 6, 11))


@given(st.dates(date(2020, 1, 1), date(2026, 11, 1)))
def test_a_request_is_always_due_on_a_working_day_within_the_month_and_a_few_days(received: date) -> None:
    due = due_on(_clock(received))
    assert due is not None
    assert is_working_day(due)
    assert timedelta(days=28) <= due - received <= timedelta(days=37)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(-120, 120))
def test_a_month_later_never_leaves_the_month(day: date, months: int) -> None:
    later = month_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


def test_reminders_come_14_7_3_and_1_days_before_and_then_each_day() -> None:
    due = date(2026, 7, 10)
    found = {left: reminder_due(due, due - timedelta(days=left)) for left in (15, 14, 13, 8, 7, 3, 2, 1, 0, -1, -2)}
    assert found == {
        15: None,
        14: "14",
        13: "14",
        8: "14",
        7: "7",
        3: "3",
        2: "3",
        1: "1",
        0: "1",
        -1: "late-2026-07-11",
        -2: "late-2026-07-12",
    }
