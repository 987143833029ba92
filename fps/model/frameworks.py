from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from fps.model import Regime, SettingKind

KIND_WORDS: Mapping[SettingKind, str] = {
    SettingKind.NMSS: "non-maintained special school",
    SettingKind.INDEPENDENT_SPECIAL: "independent special school",
    SettingKind.INDEPENDENT_OTHER: "other independent school",
    SettingKind.SPECIAL_POST16: "special post-16 institution",
    SettingKind.FE_COLLEGE: "further education college",
    SettingKind.ONLINE: "online school",
    SettingKind.REGISTERED_AP: "registered alternative provision",
    SettingKind.INDEPENDENT_LEARNING_PROVIDER: "independent learning provider",
    SettingKind.AP_UNREGISTERED: "alternative provision that is not registered",
}
REGIME_WORDS: Mapping[Regime, str] = {
    Regime.PCR_LIGHT_TOUCH: "light touch, Public Contracts Regulations 2015",
    Regime.PCR_DPS: "dynamic purchasing system, Public Contracts Regulations 2015",
    Regime.PA23: "Procurement Act 2023",
}


class ChangeKind(StrEnum):
    """What can happen to a framework."""

    OPENED = "opened"
    EDITED = "edited"
    EXTENDED = "extended"
    END_CORRECTED = "end_corrected"
    OPTION_ADDED = "option_added"
    OPTION_REMOVED = "option_removed"
    LOT_ADDED = "lot_added"
    LOT_ENDED = "lot_ended"
    LOT_REPLACED = "lot_replaced"
    LOT_CHANGED = "lot_changed"
    MEMBER_ADDED = "member_added"
    MEMBER_ENDED = "member_ended"
    USER_ADDED = "user_added"
    USER_ENDED = "user_ended"


@dataclass(frozen=True)
class Days:
    """A stretch of days, both ends included; no end while `until` is None."""

    since: date
    until: date | None = None

    def hold(self, on: date) -> bool:
        """Tell whether the day is among them."""
        return self.since <= on and (self.until is None or on <= self.until)

    def meet(self, other: Days) -> bool:
        """Tell whether the two have a day in common."""
        return self.hold(other.since) or other.hold(self.since)


@dataclass(frozen=True)
class Existence:
    """When a council has been there, by name; `successors` are the names of those that took over from it (C2)."""

    name: str
    since: date | None = None
    until: date | None = None
    successors: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExtensionOption:
    """A number of months by which a contract lets a framework be extended; open while `taken_on` is None."""

    id: str
    number: int
    months: int
    note: str
    taken_on: date | None

    @property
    def title(self) -> str:
        """The option as pages name it."""
        years, months = divmod(self.months, 12)
        parts = [_count(years, "year")] * bool(years) + [_count(months, "month")] * bool(months)
        return f"Option {self.number}: {' and '.join(parts)}"


@dataclass(frozen=True)
class Member:
    """A council that may buy through a framework on these days."""

    council_id: str
    days: Days


@dataclass(frozen=True)
class FrameworkUser:
    """Who besides the councils may buy through a framework on these days."""

    id: str
    name: str
    days: Days


@dataclass(frozen=True)
class Requirement:
    """A kind of setting that a lot takes, or of document that it asks for, and on which days."""

    kind: str
    days: Days


@dataclass(frozen=True)
class FrameworkChange:
    """One step in the life of a framework: what, of which lot, with which facts, why, who and when."""

    what: ChangeKind
    lot_id: str | None
    details: Mapping[str, Any]
    reason: str
    recorded_at: datetime
    actor_id: str


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
