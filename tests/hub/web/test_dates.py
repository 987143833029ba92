from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from hub.web.dates import age, clock_time, day, moment

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "says"),
    [
        (datetime(2026, 11, 23, 12, tzinfo=UTC), "midday"),
        (datetime(2026, 11, 23, 0, tzinfo=UTC), "midnight"),
        (datetime(2026, 11, 23, 9, tzinfo=UTC), "9am"),
        (datetime(2026, 11, 23, 12, 30, tzinfo=UTC), "12:30pm"),
        (datetime(2026, 11, 23, 0, 5, tzinfo=UTC), "12:05am"),
        (datetime(2026, 7, 1, 16, tzinfo=UTC), "5pm"),
    ],
)
def test_writes_times_as_londoners_read_them(at: datetime, says: str) -> None:
    assert clock_time(at) == says


def test_writes_moments_in_the_readers_language() -> None:
    assert moment(NOON) == "23 November 2026 at midday"
    assert moment(NOON, locale="pl") == "23 listopada 2026, 12:00"


def test_writes_days_of_london() -> None:
    assert day(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "Thursday 2 July 2026"
    assert day(date(2026, 7, 1)) == "Wednesday 1 July 2026"


@pytest.mark.parametrize(
    ("since", "says"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=1, minutes=59), "1 hour"),
        (timedelta(days=2, hours=5), "2 days"),
        (timedelta(minutes=-3), "less than a minute"),
    ],
)
def test_says_how_long_ago(since: timedelta, says: str) -> None:
    assert age(NOON - since, NOON) == says
