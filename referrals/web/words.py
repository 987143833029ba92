from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from referrals.model import Phase

PHASE_TAGS: Mapping[Phase, str] = MappingProxyType(
    {
        Phase.DRAFT: "grey",
        Phase.SCHEDULED: "yellow",
        Phase.OPEN: "green",
        Phase.SEALED: "blue",
        Phase.UNSEALED: "turquoise",
        Phase.CLOSED: "grey",
    }
)


def time_left(until: datetime, now: datetime) -> str:
    """Say how long it is until a moment, in days and hours or in hours and minutes."""
    left = max(until - now, timedelta())
    if left < timedelta(minutes=1):
        return "less than a minute"
    hours, minutes = left.seconds // 3600, left.seconds % 3600 // 60
    if left.days:
        return f"{_count(left.days, 'day')} and {_count(hours, 'hour')}"
    return f"{_count(hours, 'hour')} and {_count(minutes, 'minute')}"


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
