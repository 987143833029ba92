from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fps.model import Regime
from kernel.calendar import LONDON, is_working_day, london_date, start_of_day
from kernel.errors import InvalidInputError
from referrals.model import Reminder, Terms
from referrals.rules.deadlines import (
    check_deadline,
    deadline_on,
    due_reminder,
    earliest_deadline_day,
    is_late,
    reminder_times,
)

TERMS = Terms()
FIRST = datetime(2024, 1, 2, tzinfo=UTC)
LIGHT = Regime.PCR_LIGHT_TOUCH
# within the years whose bank holidays are published
moments = st.integers(0, 1_390 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
days = st.dates(date(2024, 1, 2), date(2027, 12, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@given(days)
def test_the_deadline_is_always_noon_on_london_clocks(day: date) -> None:
    """R14"""
    deadline = deadline_on(day, TERMS).astimezone(LONDON)
    assert (deadline.date(), deadline.hour, deadline.minute) == (day, 12, 0)


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        ("2026-03-27", "2026-03-27T12:00+00:00"),  # the Friday before clocks go forward
        ("2026-03-30", "2026-03-30T11:00+00:00"),  # the Monday after
        ("2026-10-23", "2026-10-23T11:00+00:00"),  # the Friday before they go back
        ("2026-10-26", "2026-10-26T12:00+00:00"),  # the Monday after
    ],
)
def test_noon_stays_noon_when_clocks_change(day: str, utc: str) -> None:
    """R14"""
    assert deadline_on(date.fromisoformat(day), TERMS) == datetime.fromisoformat(utc)


@pytest.mark.parametrize("day", ["2026-11-28", "2026-12-25", "2026-12-28"])
def test_a_weekend_or_bank_holiday_is_no_deadline(day: str) -> None:
    """R14"""
    with pytest.raises(InvalidInputError, match="working day"):
        check_deadline(date.fromisoformat(day), LIGHT, at("2026-11-02 09:00"), TERMS)


@pytest.mark.parametrize(
    ("regime", "release", "earliest"),
    [
        (LIGHT, "2026-11-23 09:00", "2026-11-30"),
        (LIGHT, "2026-11-23 12:00", "2026-11-30"),
        (LIGHT, "2026-11-23 12:01", "2026-12-01"),
        (LIGHT, "2026-11-28 10:00", "2026-12-07"),  # a Saturday: counted from Monday
        (LIGHT, "2026-12-21 09:00", "2026-12-30"),  # Christmas lies between
        (Regime.PCR_DPS, "2026-11-23 09:00", "2026-12-04"),
        (Regime.PCR_DPS, "2026-11-24 09:00", "2026-12-07"),  # day 11 would be a Saturday
        (Regime.PA23, "2026-11-23 09:00", "2026-11-23"),
        (Regime.PA23, "2026-11-23 12:01", "2026-11-24"),
    ],
)
def test_each_regime_has_its_earliest_day(regime: Regime, release: str, earliest: str) -> None:
    """R15"""
    day = date.fromisoformat(earliest)
    assert earliest_deadline_day(regime, at(release), TERMS) == day
    assert check_deadline(day, regime, at(release), TERMS) == deadline_on(day, TERMS)
    with pytest.raises(InvalidInputError):
        check_deadline(day - timedelta(days=1), regime, at(release), TERMS)


@given(moments)
def test_a_dps_deadline_never_comes_before_ten_whole_days_after_sending(release: datetime) -> None:
    """R15"""
    day = earliest_deadline_day(Regime.PCR_DPS, release, TERMS)
    assert deadline_on(day, TERMS) > start_of_day(london_date(release) + timedelta(days=11))
    assert is_working_day(day)


@given(moments)
def test_light_touch_always_leaves_five_whole_working_days(release: datetime) -> None:
    """R15"""
    deadline = deadline_on(earliest_deadline_day(LIGHT, release, TERMS), TERMS)
    local = release.astimezone(LONDON).replace(tzinfo=None)
    worked = timedelta()
    while local < deadline.astimezone(LONDON).replace(tzinfo=None):
        end = min(
            datetime.combine(local.date() + timedelta(days=1), datetime.min.time()),
            deadline.astimezone(LONDON).replace(tzinfo=None),
        )
        worked += (end - local) if is_working_day(local.date()) else timedelta()
        local = end
    assert worked >= timedelta(days=5)


def test_a_framework_sets_its_own_minimum() -> None:
    """R15"""
    terms = Terms.of({"light_touch_wd": 8, "visit_reuse_d": 60})
    assert earliest_deadline_day(LIGHT, at("2026-11-23 09:00"), terms) == date(2026, 12, 3)


def test_nothing_can_be_due_before_it_is_released() -> None:
    """R15"""
    with pytest.raises(InvalidInputError, match="later than the release"):
        check_deadline(date(2026, 11, 23), Regime.PA23, at("2026-11-23 12:00"), TERMS)


def test_a_response_at_the_deadline_is_in_time_and_one_second_later_is_late() -> None:
    """R16"""
    deadline = deadline_on(date(2026, 11, 30), TERMS)
    assert not is_late(deadline, deadline)
    assert not is_late(deadline + timedelta(microseconds=999_999), deadline)
    assert is_late(deadline + timedelta(seconds=1), deadline)


@given(days, st.integers(-7200, 7200))
def test_a_response_is_late_by_the_second_on_every_day_of_the_year(day: date, seconds: int) -> None:
    """R16"""
    deadline = deadline_on(day, TERMS)
    assert is_late(deadline + timedelta(seconds=seconds), deadline) == (seconds > 0)


def test_in_the_hour_that_the_autumn_night_repeats_an_hour_late_is_late() -> None:
    """R16"""
    terms = Terms(deadline_hour=1)
    deadline = deadline_on(date(2026, 10, 25), terms)
    assert deadline == datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    same_face = datetime(2026, 10, 25, 1, 0, tzinfo=LONDON, fold=1)
    assert is_late(same_face.astimezone(UTC), deadline)


def test_reminders_go_halfway_and_one_working_day_before() -> None:
    """R18"""
    times = reminder_times(at("2026-11-23 09:00"), at("2026-11-30 12:00"))
    assert times == {Reminder.HALFWAY: at("2026-11-26 22:30"), Reminder.LAST_DAY: at("2026-11-27 12:00")}


def test_a_reminder_that_would_not_follow_the_release_is_left_out() -> None:
    """R18"""
    assert list(reminder_times(at("2026-11-23 09:00"), at("2026-11-23 12:00"))) == [Reminder.HALFWAY]


@given(st.lists(st.integers(0, 12 * 24), max_size=30).map(sorted))
def test_each_reminder_goes_at_most_once_and_never_after_the_deadline(hours: list[int]) -> None:
    """R18"""
    release, deadline = at("2026-10-19 09:00"), at("2026-10-28 12:00")
    times, sent = reminder_times(release, deadline), list[Reminder]()
    for now in (release + timedelta(hours=hour) for hour in hours):
        reminder = due_reminder(times, frozenset(sent), deadline, now)
        if reminder is not None:
            assert times[reminder] <= now <= deadline
            sent.append(reminder)
    assert sent in ([], [Reminder.HALFWAY], [Reminder.LAST_DAY], [Reminder.HALFWAY, Reminder.LAST_DAY])


def test_after_a_pause_only_the_latest_reminder_goes() -> None:
    """R18"""
    release, deadline = at("2026-11-23 09:00"), at("2026-11-30 12:00")
    times = reminder_times(release, deadline)
    assert due_reminder(times, frozenset(), deadline, at("2026-11-30 09:00")) is Reminder.LAST_DAY
    assert due_reminder(times, frozenset({Reminder.LAST_DAY}), deadline, at("2026-11-30 09:00")) is None
    assert due_reminder(times, frozenset({Reminder.HALFWAY}), deadline, at("2026-11-27 11:59")) is None
