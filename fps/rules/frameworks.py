from __future__ import annotations

from datetime import date

from fps.model import LotCard, SettingKind
from fps.model.frameworks import KIND_WORDS
from kernel.errors import ConflictError


def check_kind(lot: LotCard, kind: SettingKind, on: date) -> None:
    """Raise ConflictError unless the lot, as asked for on that day, is open and takes settings of the kind."""
    if not lot.is_live(on):
        raise ConflictError("{lot} is not open on {day}. Choose another lot.", lot=lot.title, day=_day(on))
    if kind not in lot.kinds:
        raise ConflictError(
            "{lot} does not take a setting of the kind “{kind}” on {day}. Choose another lot.",
            lot=lot.title,
            kind=KIND_WORDS[kind],
            day=_day(on),
        )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
