from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import calendar
from kernel.errors import CalendarRangeError

KNOWN = st.dates(date(2020, 1, 10), date(2027, 11, 30))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
        (date(2026, 12, 25), False),
        (date(2026, 12, 28), False),
        (date(2026, 5, 4), False),
        (date(2026, 12, 29), True),
    ],
)
def test_working_days_leave_out_weekends_and_bank_holidays(day: date, working: bool) -> None:
    assert calendar.is_working_day(day) is working


def test_working_days_run_over_christmas() -> None:
    assert calendar.add_working_days(date(2026, 12, 24), 1) == date(2026, 12, 29)
    assert calendar.add_working_days(date(2026, 12, 29), -1) == date(2026, 12, 24)
    assert calendar.working_days_between(date(2026, 12, 24), date(2027, 1, 4)) == 4


def test_year_without_published_holidays_is_refused() -> None:
    with pytest.raises(CalendarRangeError, match="2050"):
        calendar.is_working_day(date(2050, 1, 3))


@given(KNOWN, st.integers(-30, 30))
def test_adding_working_days_always_counts_back(day: date, count: int) -> None:
    there = calendar.add_working_days(day, count)
    assert calendar.working_days_between(day, there) == count or not calendar.is_working_day(day)
    assert count == 0 or calendar.is_working_day(there)


def test_london_time_across_both_clock_changes() -> None:
    assert calendar.at_london(date(2026, 3, 29), time(1, 30)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert calendar.at_london(date(2026, 3, 30), time(9)) == datetime(2026, 3, 30, 8, tzinfo=UTC)
    assert calendar.at_london(date(2026, 10, 25), time(1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert calendar.at_london(date(2026, 10, 26), time(9)) == datetime(2026, 10, 26, 9, tzinfo=UTC)
    assert calendar.london_date(datetime(2026, 6, 1, 23, 30, tzinfo=UTC)) == date(2026, 6, 2)
