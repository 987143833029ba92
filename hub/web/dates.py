from __future__ import annotations

from datetime import date, datetime, timedelta

from babel.dates import format_date
from flask import Flask

from hub.web.language import page_language
from kernel.calendar import LONDON
from kernel.translation import SOURCE_LOCALE
from kernel.web import ground

_A_DAY = timedelta(days=1)


def clock_time(at: datetime) -> str:
    """Write a London time of day as the GOV.UK style does: 9am, 12:30pm, midday, midnight."""
    local = at.astimezone(LONDON)
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"  # noqa: PLR2004 - noon


def day(on: date | datetime, *, locale: str = SOURCE_LOCALE) -> str:
    """Write a London date in full: Monday 23 November 2026."""
    local = on.astimezone(LONDON).date() if isinstance(on, datetime) else on
    return format_date(local, "EEEE d MMMM y", locale=locale)


def moment(at: datetime, *, locale: str = SOURCE_LOCALE) -> str:
    """Write a London date and time: 23 November 2026 at 10:05am; other languages count to 24 hours."""
    local = at.astimezone(LONDON)
    date_part = format_date(local.date(), "d MMMM y", locale=locale)
    if locale == SOURCE_LOCALE:
        return f"{date_part} at {clock_time(at)}"
    return f"{date_part}, {local:%H:%M}"


def age(since: datetime, now: datetime) -> str:
    """Say how long ago something was, in the largest unit that fits: 3 minutes, 2 hours, 5 days."""
    for unit, span in (("day", _A_DAY), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):
        count = (now - since) // span
        if count > 0:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"


def install(app: Flask) -> None:
    """Give templates the filters `moment`, `day`, `clock_time` and `age`."""
    filters = app.jinja_env.filters
    filters["moment"] = lambda at: moment(at, locale=page_language())
    filters["day"] = lambda on: day(on, locale=page_language())
    filters["clock_time"] = clock_time
    filters["age"] = lambda since: age(since, ground().clock.now())
