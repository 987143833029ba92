from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kernel.errors import InvalidInputError, NotFoundError
from qa_visits.model import VisitSettings, VisitType

_NOTICE = "visit.notice_wd."
_CHASERS = "plan.chaser_offsets_wd"
_MAX_WD = 250


@dataclass(frozen=True)
class Figure:
    """A figure of DOMAIN.md 4 that is our own proposal and a hub's to change: its name, meaning and bounds."""

    name: str
    meaning: str
    least: int
    most: int
    field: str = ""


FIGURES: tuple[Figure, ...] = (
    Figure(
        "visit.avoid_first_last_days",
        "School days at each end of a half-term without visits",
        0,
        10,
        "avoid_first_last_days",
    ),
    Figure("visit.reuse_d", "Days within which one visit serves all councils", 0, 366, "reuse_d"),
    Figure("visit.offered_days", "How many free days an officer can choose from", 1, 20, "offered_days"),
    Figure("visit.look_ahead_d", "Days ahead in which free days are looked for", 14, 366, "look_ahead_d"),
    Figure(
        "plan.amber_within_wd",
        "Working days before its due date from which an action without evidence is amber",
        0,
        60,
        "amber_within_wd",
    ),
    Figure(_CHASERS, "Working days from the due date on which the owner is reminded", -_MAX_WD, _MAX_WD),
    *(
        Figure(f"{_NOTICE}{each.value}", f"Working days of notice, {each.label} (empty: none set)", 0, _MAX_WD)
        for each in VisitType
    ),
)
_BY_NAME: Mapping[str, Figure] = {figure.name: figure for figure in FIGURES}


def figure_called(name: str) -> Figure:
    """Return a figure by its name; raises NotFoundError."""
    if name not in _BY_NAME:
        raise NotFoundError
    return _BY_NAME[name]


def with_figures(settings: VisitSettings, changed: Mapping[str, object]) -> VisitSettings:
    """Return the settings with the changed figures put in.

    Raises NotFoundError for a name that does not exist, InvalidInputError for a value out of its bounds.
    """
    for name, value in changed.items():
        settings = _with(settings, figure_called(name), value)
    return settings


def value_of(settings: VisitSettings, figure: Figure) -> str:
    """Return what a figure now is, as people write it."""
    if figure.name == _CHASERS:
        return ", ".join(str(offset) for offset in settings.chaser_offsets_wd)
    if figure.name.startswith(_NOTICE):
        notice_wd = settings.notice_wd[VisitType(figure.name.removeprefix(_NOTICE))]
        return "" if notice_wd is None else str(notice_wd)
    return str(getattr(settings, figure.field))


def read_value(figure: Figure, text: str) -> int | list[int] | None:
    """Read a figure as people write it; raises InvalidInputError for what is no whole number."""
    try:
        numbers = [int(part) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise InvalidInputError("value", "Enter whole numbers only.") from error
    if figure.name == _CHASERS:
        return numbers
    if not numbers and figure.name.startswith(_NOTICE):
        return None
    if len(numbers) != 1:
        raise InvalidInputError("value", "Enter one whole number.")
    return numbers[0]


def _with(settings: VisitSettings, figure: Figure, value: object) -> VisitSettings:
    if figure.name == _CHASERS:
        return replace(settings, chaser_offsets_wd=_offsets(figure, value))
    if figure.name.startswith(_NOTICE):
        notice_wd = None if value is None else _whole_number(figure, value)
        visit_type = VisitType(figure.name.removeprefix(_NOTICE))
        return replace(settings, notice_wd={**settings.notice_wd, visit_type: notice_wd})
    change: dict[str, Any] = {figure.field: _whole_number(figure, value)}
    return replace(settings, **change)


def _offsets(figure: Figure, value: object) -> tuple[int, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise InvalidInputError("value", "Give the working days as numbers, for example -10, -3, 0, 1, 5.")
    return tuple(sorted({_whole_number(figure, each) for each in value}))


def _whole_number(figure: Figure, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not figure.least <= value <= figure.most:
        raise InvalidInputError(
            "value", "Enter a whole number from {least} to {most}.", least=figure.least, most=figure.most
        )
    return value
