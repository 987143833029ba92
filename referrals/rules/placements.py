from __future__ import annotations

from datetime import date

from fps.model import SettingKind
from referrals.model import YEAR_GROUPS
from referrals.model.placements import PlacementKind

_LAST_OF_PHASES = ("Nursery", "Year 6", "Year 11", "Year 14")
"""The year after which a learner's phase ends: early years, primary, secondary, further education."""
_AUGUST = (8, 31)
_ALTERNATIVE = frozenset(
    {
        SettingKind.REGISTERED_AP,
        SettingKind.AP_UNREGISTERED,
        SettingKind.ONLINE,
        SettingKind.INDEPENDENT_LEARNING_PROVIDER,
    }
)


def school_year_end(on: date) -> date:
    """Return the 31 August with which the school year of a day ends."""
    month, day = _AUGUST
    this = date(on.year, month, day)
    return this if on <= this else date(on.year + 1, month, day)


def phase_end(year_group: str, on: date) -> date:
    """Return the last day of the phase of a learner who is in a year group on a day: the agreement ends by itself (R28).

    After Year 14 there is no phase: the school year ends it.
    """
    ends, number = school_year_end(on), YEAR_GROUPS.index(year_group)
    for last in _LAST_OF_PHASES:
        years = YEAR_GROUPS.index(last) - number
        if years >= 0:
            return date(ends.year + years, ends.month, ends.day)
    return ends


def kind_of(setting: SettingKind | None) -> PlacementKind:
    """Return what kind of placement a setting's kind makes."""
    return PlacementKind.ALTERNATIVE if setting in _ALTERNATIVE else PlacementKind.SCHOOL
