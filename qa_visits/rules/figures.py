from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kernel.errors import InvalidInputError
from qa_visits.model import VisitSettings, VisitType

_NOTICE = "visit.notice_wd."
_MAX_WD = 250
_BOUNDS: Mapping[str, tuple[str, int, int]] = {
    "visit.avoid_first_last_days": ("avoid_first_last_days", 0, 10),
    "visit.reuse_d": ("reuse_d", 0, 366),
    "visit.offered_days": ("offered_days", 1, 20),
    "visit.look_ahead_d": ("look_ahead_d", 14, 366),
    "plan.amber_within_wd": ("amber_within_wd", 0, 60),
}
_CHASERS = "plan.chaser_offsets_wd"

FIGURES: tuple[str, ...] = (*_BOUNDS, _CHASERS, *(f"{_NOTICE}{each.value}" for each in VisitType))
"""The names under which a council may set the figures of DOMAIN.md 4 that are our own proposals."""


def with_figures(settings: VisitSettings, changed: Mapping[str, object]) -> VisitSettings:
    """Return the settings with the changed figures put in.

    Raises InvalidInputError for a name that does not exist or a value out of its bounds.
    """
    for name, value in changed.items():
        settings = _with(settings, name, value)
    return settings


def _with(settings: VisitSettings, name: str, value: object) -> VisitSettings:
    if name not in FIGURES:
        raise InvalidInputError("name", "There is no setting called {name}.", name=name)
    if name == _CHASERS:
        return replace(settings, chaser_offsets_wd=_offsets(value))
    if name.startswith(_NOTICE):
        notice_wd = None if value is None else _whole_number(value, 0, _MAX_WD)
        visit_type = VisitType(name.removeprefix(_NOTICE))
        return replace(settings, notice_wd={**settings.notice_wd, visit_type: notice_wd})
    field, least, most = _BOUNDS[name]
    change: dict[str, Any] = {field: _whole_number(value, least, most)}
    return replace(settings, **change)


def _offsets(value: object) -> tuple[int, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise InvalidInputError("value", "Give the working days as numbers, for example -10, -3, 0, 1, 5.")
    return tuple(sorted({_whole_number(each, -_MAX_WD, _MAX_WD) for each in value}))


def _whole_number(value: object, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise InvalidInputError("value", "Enter a whole number from {least} to {most}.", least=least, most=most)
    return value
