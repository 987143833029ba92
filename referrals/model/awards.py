"""How a referral ends: with an award, or with none and a next step (R27, R29)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from referrals.model.routes import Route


class Outcome(StrEnum):
    """What was decided."""

    AWARD = "award"
    NO_AWARD = "no_award"

    @property
    def words(self) -> str:
        """The outcome as pages name it."""
        return "Awarded" if self is Outcome.AWARD else "No award"


class NextStep(StrEnum):
    """What follows when nobody is awarded (R29)."""

    RE_RUN = "re_run"
    DIRECT_AWARD = "direct_award"
    SPOT = "spot"
    NOTHING = "nothing"
    WITHDRAWN = "withdrawn"

    @property
    def words(self) -> str:
        """The step as pages name it."""
        return _STEP_WORDS[self]

    @property
    def route(self) -> Route | None:
        """The route of the referral that follows; None where none does."""
        return _ROUTES.get(self)


_STEP_WORDS: Mapping[NextStep, str] = MappingProxyType(
    {
        NextStep.RE_RUN: "Ask again with a new mini-competition",
        NextStep.DIRECT_AWARD: "Award directly to one setting",
        NextStep.SPOT: "Buy outside the framework",
        NextStep.NOTHING: "Nothing: the place is not needed any more",
        NextStep.WITHDRAWN: "Nothing: the referral was withdrawn before its deadline",
    }
)
CHOSEN_STEPS = tuple(step for step in NextStep if step is not NextStep.WITHDRAWN)
"""What can follow where nobody is awarded; withdrawing is an act of its own."""
_ROUTES: Mapping[NextStep, Route] = MappingProxyType(
    {
        NextStep.RE_RUN: Route.MINI_COMPETITION,
        NextStep.DIRECT_AWARD: Route.DIRECT_AWARD,
        NextStep.SPOT: Route.OFF_FRAMEWORK_SPOT,
    }
)


@dataclass(frozen=True)
class AwardCard:
    """The one decision on a referral.

    With an award, `supplier` is the name of who won: of a setting that was asked (`recipient_id`, `setting_id`,
    `provider_id`), or off the framework of a supplier that is no setting of the register. `told_at` is when all
    recipients were told (R27); the standstill runs until `standstill_until`, None where there is none, and the
    placement begins at `confirmed_at`. `reasons` are the council's own. `approved_by` approved it where the framework
    has a panel.
    """

    id: str
    referral_id: str
    council_id: str
    lot_id: str
    route: Route
    outcome: Outcome
    recipient_id: str | None
    setting_id: str | None
    provider_id: str | None
    supplier: str
    next_step: NextStep | None
    reasons: str
    decided_by: str
    decided_at: datetime
    approved_by: str | None
    told_at: datetime | None
    standstill_until: datetime | None
    confirmed_at: datetime | None

    def may_begin(self, now: datetime) -> bool:
        """Tell whether its placement can be begun: its standstill is over, and nobody has."""
        is_over = self.standstill_until is None or now >= self.standstill_until
        return self.outcome is Outcome.AWARD and self.confirmed_at is None and is_over
