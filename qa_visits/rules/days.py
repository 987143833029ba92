from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kernel.calendar import add_working_days, is_bank_holiday, is_working_day
from qa_visits.model import SettingCalendar, Span, VisitSettings, VisitType

_WEEKEND = frozenset({5, 6})


class Obstacle(StrEnum):
    """Why a day cannot be a visit's day. The value is the sentence that people read."""

    PAST = "That day has passed."
    TOO_SOON = "That day gives the provider too little notice."
    WEEKEND = "That day is at the weekend."
    BANK_HOLIDAY = "That day is a bank holiday."
    CLOSED = "The setting is closed that day."
    OUT_OF_TERM = "That day is outside the setting's term."
    HALF_TERM_EDGE = "That day is too near the start or end of a half-term."
    OFFICER_BUSY = "The officer already has a visit that day."


@dataclass(frozen=True)
class DayQuestion:
    """All that decides whether a visit may take place on a day.

    `today` is the London date on which the provider would be told; `busy` are the officer's taken days.
    """

    visit_type: VisitType
    is_unannounced: bool
    today: date
    calendar: SettingCalendar
    settings: VisitSettings
    busy: Collection[date] = ()


def may_visit_on(day: date, question: DayQuestion) -> tuple[Obstacle, ...]:
    """Return what stands in the way of a visit on that day; nothing returned means it may be (Q1).

    A desktop review needs nobody at the setting, so that only the officer's own diary counts.
    """
    found = [*_timing(day, question)]
    if day in question.busy:
        found.append(Obstacle.OFFICER_BUSY)
    if question.visit_type not in (VisitType.RESPONSIVE, VisitType.DESKTOP):
        found.extend(_setting_obstacles(day, question))
    return tuple(found)


def is_provider_told(visit_type: VisitType, *, is_unannounced: bool) -> bool:
    """Tell whether the provider hears of the visit before it: not of unannounced ones, nor of desktop reviews."""
    return not is_unannounced and visit_type is not VisitType.DESKTOP


def earliest_day(question: DayQuestion) -> date:
    """Return the first day that respects the notice period of the type; an unannounced visit has none."""
    notice_wd = question.settings.notice_wd[question.visit_type]
    if not notice_wd or not is_provider_told(question.visit_type, is_unannounced=question.is_unannounced):
        return question.today
    return add_working_days(question.today, notice_wd)


def free_days(question: DayQuestion, *, start: date | None = None) -> Iterator[date]:
    """Yield, in order, the days within the look-ahead on which the visit may take place."""
    first = max(start or question.today, earliest_day(question))
    last = question.today + timedelta(days=question.settings.look_ahead_d)
    day = first
    while day <= last:
        if is_working_day(day) and not may_visit_on(day, question):
            yield day
        day += timedelta(days=1)


def are_term_dates_known(day: date, calendar: SettingCalendar) -> bool:
    """Tell whether the setting has told its terms around that day; common term dates are never assumed (Q3)."""
    known = calendar.half_terms
    return bool(known) and min(span.first for span in known) <= day <= max(span.last for span in known)


def _timing(day: date, question: DayQuestion) -> Iterator[Obstacle]:
    if day < question.today:
        yield Obstacle.PAST
    elif day < earliest_day(question):
        yield Obstacle.TOO_SOON


def _setting_obstacles(day: date, question: DayQuestion) -> Iterator[Obstacle]:
    if day.weekday() in _WEEKEND:
        yield Obstacle.WEEKEND
    if is_bank_holiday(day):
        yield Obstacle.BANK_HOLIDAY
    if any(day in closure for closure in question.calendar.closures):
        yield Obstacle.CLOSED
    if are_term_dates_known(day, question.calendar):
        yield from _term_obstacles(day, question)


def _term_obstacles(day: date, question: DayQuestion) -> Iterator[Obstacle]:
    half_term = next((span for span in question.calendar.half_terms if day in span), None)
    if half_term is None:
        yield Obstacle.OUT_OF_TERM
        return
    open_days = [each for each in _days_of(half_term) if _is_open(each, question.calendar)]
    margin = question.settings.avoid_first_last_days
    if margin and day in (*open_days[:margin], *open_days[-margin:]):
        yield Obstacle.HALF_TERM_EDGE


def _days_of(span: Span) -> Iterator[date]:
    return (span.first + timedelta(days=offset) for offset in range((span.last - span.first).days + 1))


def _is_open(day: date, calendar: SettingCalendar) -> bool:
    return is_working_day(day) and not any(day in closure for closure in calendar.closures)
