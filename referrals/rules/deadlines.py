from __future__ import annotations

from datetime import date, datetime, time, timedelta

from fps.model import Regime
from kernel.calendar import (
    LONDON,
    add_working_days,
    at_london,
    is_working_day,
    london_date,
    next_working_day,
)
from kernel.errors import InvalidInputError
from referrals.model import Reminder, Terms


def deadline_on(day: date, terms: Terms) -> datetime:
    """Return the deadline of a day, in UTC: 12:00 by London clocks, whatever the season (R14)."""
    return at_london(day, time(terms.deadline_hour))


def earliest_deadline_day(regime: Regime, release_at: datetime, terms: Terms) -> date:
    """Return the first day on which the deadline of a competition may fall without more ado (R15).

    Working days are whole ones, counted from the moment of release. The calendar days of a dynamic
    purchasing system begin on the day after sending and must have run out.
    """
    if regime is Regime.PCR_DPS:
        day = london_date(release_at) + timedelta(days=terms.dps_days + 1)
        return next_working_day(day)
    wd = terms.light_touch_wd if regime is Regime.PCR_LIGHT_TOUCH else terms.pa23_wd
    return _after(release_at, wd, terms)


def shortest_deadline_day(regime: Regime, release_at: datetime, terms: Terms) -> date:
    """Return the first day for which there are ways to set the deadline of a competition at all (R15).

    Under light touch an urgent one with reason and approver; on a dynamic purchasing system any that all who are asked
    have agreed to.
    """
    if regime is Regime.PCR_LIGHT_TOUCH:
        return min(_after(release_at, terms.urgent_wd, terms), earliest_deadline_day(regime, release_at, terms))
    return (
        first_deadline_day(release_at, terms) if regime is Regime.PCR_DPS else _after(release_at, terms.pa23_wd, terms)
    )


def first_deadline_day(release_at: datetime, terms: Terms) -> date:
    """Return the first working day whose deadline comes after the release: all that binds where nobody competes."""
    return _after(release_at, 0, terms)


def _after(release_at: datetime, wd: int, terms: Terms) -> date:
    start = london_date(release_at)
    first_full = next_working_day(start)
    day = add_working_days(first_full, wd)
    released_late = first_full == start and release_at > deadline_on(start, terms)
    return add_working_days(day, 1) if released_late else day


def check_deadline(
    day: date, regime: Regime, release_at: datetime, terms: Terms, earliest: date | None = None
) -> datetime:
    """Return the deadline in UTC, or raise InvalidInputError where R14 or R15 does not allow that day.

    `earliest` is the first day allowed, if it is not that of earliest_deadline_day.
    """
    if not is_working_day(day):
        raise InvalidInputError("deadline", "The deadline must be a working day. Choose another day.")
    first = earliest or earliest_deadline_day(regime, release_at, terms)
    if day < first:
        raise InvalidInputError(
            "deadline",
            "Providers must have enough time. The earliest deadline is {earliest}.",
            earliest=f"{first.day} {first:%B %Y}",
        )
    deadline_at = deadline_on(day, terms)
    if deadline_at <= release_at:
        raise InvalidInputError("deadline", "The deadline must be later than the release.")
    return deadline_at


def is_late(at: datetime, deadline_at: datetime) -> bool:
    """Tell whether a response received at `at` is late (R16): to the second; equal to the deadline is in time."""
    return at.replace(microsecond=0) > deadline_at


def reminder_times(release_at: datetime, deadline_at: datetime) -> dict[Reminder, datetime]:
    """Return when reminders go (R18): halfway, and one working day before the deadline at the same clock time.

    One that would fall on or before the release is left out.
    """
    day_before = add_working_days(london_date(deadline_at), -1)
    clock_time = deadline_at.astimezone(LONDON).time()
    times = {
        Reminder.HALFWAY: release_at + (deadline_at - release_at) / 2,
        Reminder.LAST_DAY: at_london(day_before, clock_time),
    }
    return {reminder: at for reminder, at in times.items() if at > release_at}


def due_reminder(
    times: dict[Reminder, datetime], sent: frozenset[Reminder], deadline_at: datetime, now: datetime
) -> Reminder | None:
    """Return the reminder to send now: the latest whose time has come, unless it or a later one has gone.

    So a pause of the worker, or a clock moved far, never makes two go at once, and none goes after the deadline.
    """
    if is_late(now, deadline_at):
        return None
    passed = sorted((at, reminder) for reminder, at in times.items() if at <= now)
    if not passed or any(reminder in sent for at, reminder in passed if at >= passed[-1][0]):
        return None
    return passed[-1][1]
