from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from govuk_bank_holidays.bank_holidays import BankHolidays

from kernel.errors import CalendarRangeError

LONDON = ZoneInfo("Europe/London")
_WEEKEND = frozenset({5, 6})


@lru_cache(maxsize=1)
def _bank_holidays() -> frozenset[date]:
    known = BankHolidays(use_cached_holidays=True)
    return frozenset(holiday["date"] for holiday in known.get_holidays(division=BankHolidays.ENGLAND_AND_WALES))


@lru_cache(maxsize=1)
def _known_years() -> range:
    years = [holiday.year for holiday in _bank_holidays()]
    return range(min(years), max(years) + 1)


def is_bank_holiday(day: date) -> bool:
    """Tell whether it is a bank holiday in England and Wales.

    Raises CalendarRangeError for a year whose holidays are not published in the installed data.
    """
    if day.year not in _known_years():
        raise CalendarRangeError(
            "The bank holidays of {year} are not known yet. Choose a day from {first} to {last}.",
            year=day.year,
            first=_known_years().start,
            last=_known_years().stop - 1,
        )
    return day in _bank_holidays()


def is_working_day(day: date) -> bool:
    """Tell whether it is a working day (WD of DOMAIN.md 3): Monday to Friday and no bank holiday."""
    return day.weekday() not in _WEEKEND and not is_bank_holiday(day)


def add_working_days(day: date, count: int) -> date:
    """Return the day `count` working days after `day`, or before it if `count` is negative; 0 returns `day`."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def next_working_day(day: date) -> date:
    """Return `day` itself if it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_days_between(start: date, end: date) -> int:
    """Count the working days after `start` up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start)
    span = (end - start).days
    return sum(is_working_day(start + timedelta(days=offset)) for offset in range(1, span + 1))


def london_date(at: datetime) -> date:
    """Return the London date of a moment."""
    return at.astimezone(LONDON).date()


def at_london(day: date, clock_time: time) -> datetime:
    """Return the moment, in UTC, at which London clocks show `clock_time` on `day`.

    A time that the spring change skips is read as the moment after the gap; of a time that the autumn
    change repeats, the first is taken.
    """
    return datetime.combine(day, clock_time, tzinfo=LONDON).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """Return the moment, in UTC, at which the London day begins."""
    return at_london(day, time(0))
