from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import LONDON
from kernel.errors import InvalidInputError
from people.rules import end_of_quiet, normalise_address

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 - made aware at once


@pytest.mark.parametrize(
    ("channel", "typed", "kept"),
    [
        ("sms", "07700 900123", "+447700900123"),
        ("sms", "+44 (0)7700 900-123", "+447700900123"),
        ("email", " Parent@Example.ORG ", "parent@example.org"),
        ("slack", "U012AB3CD", "U012AB3CD"),
    ],
)
def test_address_is_kept_in_one_form(channel: str, typed: str, kept: str) -> None:
    assert normalise_address(channel, typed) == kept


@pytest.mark.parametrize(
    ("channel", "typed"),
    [
        ("sms", "12"),
        ("sms", "call me"),
        ("email", "parent"),
        ("email", "a@b, c@d"),
        ("email", "a@b\nBcc: c@d"),
        ("slack", "@parent"),
        ("slack", ""),
    ],
)
def test_address_that_nobody_could_reach_is_refused_in_words(channel: str, typed: str) -> None:
    with pytest.raises(InvalidInputError, match="That is not"):
        normalise_address(channel, typed)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (datetime(2026, 11, 23, 20, 0, tzinfo=UTC), datetime(2026, 11, 24, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 7, 59, tzinfo=UTC), datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), None),
        (datetime(2026, 11, 23, 19, 59, tzinfo=UTC), None),
        (datetime(2026, 3, 28, 22, 0, tzinfo=UTC), datetime(2026, 3, 29, 7, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), datetime(2026, 10, 25, 8, 0, tzinfo=UTC)),
    ],
)
def test_V12_quiet_from_eight_to_eight_london_time(now: datetime, until: datetime | None) -> None:
    assert end_of_quiet(now) == until


@given(MOMENTS, st.times(), st.times())
def test_V12_quiet_always_ends_within_a_day_and_at_its_hour(now: datetime, start: time, end: time) -> None:
    until = end_of_quiet(now, start.replace(microsecond=0), end.replace(microsecond=0))
    if until is not None:
        assert now < until <= now + timedelta(hours=25)
        assert until.astimezone(LONDON).minute == end.minute
        assert end_of_quiet(until, start.replace(microsecond=0), end.replace(microsecond=0)) is None


def test_equal_ends_mean_no_quiet_hours() -> None:
    assert end_of_quiet(datetime(2026, 11, 23, 23, tzinfo=UTC), time(9), time(9)) is None
