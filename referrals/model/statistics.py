"""What is published of referrals for the Understand and Plan stages of commissioning: reach and gaps (R39, R23)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from referrals.model.answers import DeclineCode

Shares = Mapping[str, int]
"""How many learners each council contributes to one figure, by its id."""


class Published(StrEnum):
    """What is published of a framework for each quarter."""

    REACH = "reach"
    GAPS = "gaps"


class Side(StrEnum):
    """By what gaps are told apart."""

    NEED = "need"
    LOT = "lot"
    PLACE = "place"

    @property
    def words(self) -> str:
        """The side as pages name it."""
        return {Side.NEED: "Main area of need", Side.LOT: "Lot", Side.PLACE: "Placing council"}[self]


@dataclass(frozen=True)
class Asked:
    """One referral of a mini-competition that was unsealed in a quarter: whose it is and what came of it.

    `invited` and `answered` are ids of settings; `declined` are the reasons that at least one of them gave.
    """

    council_id: str
    lot_id: str
    need_area: str
    invited: frozenset[str]
    answered: frozenset[str]
    declined: frozenset[DeclineCode]

    def group(self, side: Side) -> str:
        """Return to which group it belongs."""
        return {Side.NEED: self.need_area, Side.LOT: self.lot_id, Side.PLACE: self.council_id}[side]


@dataclass(frozen=True)
class Won:
    """An award of a mini-competition, decided in a quarter."""

    council_id: str
    lot_id: str
    setting_id: str


@dataclass(frozen=True)
class SettingReach:
    """In how many referrals a setting was asked, answered and won; None where that cannot be shown (V10)."""

    setting_id: str
    invited: int | None
    answered: int | None
    won: int | None


@dataclass(frozen=True)
class LotReach:
    """How many settings of a lot could be asked, and how many were, answered and won.

    `referrals` is None, and the three after `active` with it, where there were too few.
    """

    lot_id: str
    active: int
    referrals: int | None = None
    invited: int | None = None
    answered: int | None = None
    won: int | None = None


@dataclass(frozen=True)
class Gap:
    """In how many referrals at least one setting declined for a reason: in all, and by groups of each side.

    None for a figure that cannot be shown; a side is left out where its groups would tell too much.
    """

    code: DeclineCode
    referrals: int | None
    sides: Mapping[Side, Mapping[str, int | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Quarter:
    """A quarter of a year, by its first day."""

    first: date

    @property
    def words(self) -> str:
        """The quarter as pages name it."""
        return f"{self.first:%B} to {self.last_month:%B} {self.first.year}"

    @property
    def last_month(self) -> date:
        """The first day of its last month."""
        return self.first.replace(month=self.first.month + 2)

    @property
    def after(self) -> date:
        """The first day that is not in it any more."""
        year, month = divmod(self.first.year * 12 + self.first.month + 2, 12)
        return date(year, month + 1, 1)
