from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kernel.calendar import is_working_day
from kernel.errors import CalendarRangeError
from people.rights.model import Pause, PauseReason, RequestKind

MONTHS = 1
MONTHS_EXTENDED = 3
ACKNOWLEDGE_WITHIN = timedelta(days=30)
REMIND_DAYS_BEFORE = (14, 7, 3, 1)
_FRIDAY = 4


@dataclass(frozen=True)
class Clock:
    """What a request's time limit depends on."""

    kind: RequestKind
    received_on: date
    identity_on: date | None = None
    is_extended: bool = False
    acknowledged_on: date | None = None
    pauses: Sequence[Pause] = ()


def month_later(day: date, months: int) -> date:
    """Return the corresponding date `months` later; the last day of that month where it has none (31 January)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def due_on(clock: Clock) -> date | None:
    """Return by when a request must be answered, or a complaint acknowledged; None while the clock stands still.

    V11, reckoned as the Information Commissioner does: one calendar month from the day of receipt, or from the day on
    which we knew who asks where we had to find out; two more where it is complex; every day added on which we waited
    for them to say what they mean; then on to the next working day. A complaint is acknowledged within 30 days, the
    day after receipt being the first; nothing rolls that on.
    """
    if clock.kind is RequestKind.COMPLAINT:
        return clock.received_on + ACKNOWLEDGE_WITHIN if clock.acknowledged_on is None else None
    if any(pause.until is None for pause in clock.pauses):
        return None
    start = max(clock.received_on, clock.identity_on or clock.received_on)
    last = month_later(start, MONTHS_EXTENDED if clock.is_extended else MONTHS)
    return _open_day(last + timedelta(days=_days_waited(clock.pauses, start)))


def may_extend(clock: Clock, today: date) -> bool:
    """Tell whether two more months may still be taken: the reason must be told within the first (V11)."""
    first = due_on(clock)
    return clock.kind is not RequestKind.COMPLAINT and not clock.is_extended and (first is None or today <= first)


def reminder_due(due: date, today: date) -> str | None:
    """Return the name of the reminder that is due: 14, 7, 3 or 1 days before, the latest alone; then one each day."""
    left = (due - today).days
    if left < 0:
        return f"late-{today.isoformat()}"
    reached = [days for days in REMIND_DAYS_BEFORE if left <= days]
    return str(min(reached)) if reached else None


def _days_waited(pauses: Sequence[Pause], start: date) -> int:
    """Count the days of pauses for clarification; a wait for proof of identity moves the start instead."""
    waited = (
        (pause.until - max(pause.since, start)).days
        for pause in pauses
        if pause.why is PauseReason.CLARIFICATION and pause.until is not None
    )
    return sum(max(0, days) for days in waited)


def _open_day(day: date) -> date:
    while not _is_open(day):
        day += timedelta(days=1)
    return day


def _is_open(day: date) -> bool:
    try:
        return is_working_day(day)
    except CalendarRangeError:  # bank holidays of a year far ahead: the earlier day is the safe one
        return day.weekday() <= _FRIDAY
