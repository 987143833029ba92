from __future__ import annotations

from datetime import datetime

from kernel.calendar import LONDON


def to_the_second(at: datetime) -> str:
    """Return a moment in London time with its seconds, as receipts carry it."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y, %H:%M:%S}"
