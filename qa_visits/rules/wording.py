from __future__ import annotations

from datetime import date, time

_NOON = 12


def day_label(day: date) -> str:
    """Write a day for staff: Wednesday 9 December 2026."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def time_label(at: time) -> str:
    """Write a London clock time as the GOV.UK style does: 9:30am, 3pm, midday."""
    if at == time(_NOON):
        return "midday"
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % _NOON or _NOON}{minutes}{'am' if at.hour < _NOON else 'pm'}"
