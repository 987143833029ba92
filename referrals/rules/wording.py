from __future__ import annotations

from datetime import datetime

from kernel.calendar import LONDON


def to_the_second(at: datetime) -> str:
    """Write a moment by London clocks to the second, as answers are judged (R16)."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y}, {local:%H:%M:%S}"
