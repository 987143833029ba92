from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from fps.model import Status

LONGEST_WORDS = 2000
"""Characters of a reason or a reply."""


class NextStep(StrEnum):
    """What comes next for a learner whose setting leaves the list; words of ours, so that nothing names them (L6)."""

    STAYS = "stays"
    REVIEW = "review"
    SEARCHING = "searching"
    NEW_PLACE = "new_place"
    MOVES_ON = "moves_on"


NEXT_STEP_WORDS: Mapping[NextStep, str] = {
    NextStep.STAYS: "Stays there under the contract that they have",
    NextStep.REVIEW: "Early annual review of the plan",
    NextStep.SEARCHING: "A new place is being looked for",
    NextStep.NEW_PLACE: "A new place is agreed",
    NextStep.MOVES_ON: "Moves on at the end of the phase",
}


class Outcome(StrEnum):
    """How a suspension ended."""

    WITHDRAWN = "withdrawn"
    LIFTED = "lifted"
    LEAVING = "leaving"


@dataclass(frozen=True)
class StandingTerms:
    """The figures for decisions L4 to L6 ([own]), in working days; a framework's own terms override them.

    `reply_wd`: how long the provider may reply. `review_wd`: the latest review.
    """

    reply_wd: int = 5
    review_wd: int = 20

    @classmethod
    def of(cls, own: Mapping[str, int]) -> Self:
        """Return the defaults with a framework's `own` values over them; values of other topics are passed by."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in own.items() if name in known})


@dataclass(frozen=True)
class LotStanding:
    """Where a setting stands on a lot on a day, since when, and the day before which the next step counts, if any."""

    lot_id: str
    framework_id: str
    title: str
    status: Status
    since: date


@dataclass(frozen=True)
class Review:
    """A review that kept a suspension or a pause."""

    reviewed_at: datetime
    reviewed_by: str
    reasons: str
    next_on: date


@dataclass(frozen=True)
class Pause:
    """A council's own pause; `lot_id` None is all lots. `reason` and `reply` are None for whom they are not."""

    id: str
    council_id: str
    setting_id: str
    lot_id: str | None
    since: date
    until: date | None
    review_on: date
    reason: str | None
    actor_id: str
    recorded_at: datetime
    tells_provider: bool
    reply_by: date | None
    reply: str | None
    replied_at: datetime | None
    reviews: tuple[Review, ...] = ()


@dataclass(frozen=True)
class Suspension:
    """A regional suspension; `council_id` is the lead authority. Without `effective_on` the provider has notice."""

    id: str
    council_id: str
    setting_id: str
    lot_ids: tuple[str, ...]
    decided_by: str
    recorded_at: datetime
    reasons: str
    is_urgent: bool
    reply_by: date
    reply: str | None
    replied_at: datetime | None
    effective_on: date | None
    review_on: date | None
    ended_at: datetime | None
    end_reasons: str | None
    outcome: Outcome | None
    reviews: tuple[Review, ...] = ()

    def is_read_by(self, lead_ids: Collection[str], shared_lots: Collection[str]) -> bool:
        """Tell whether councils read it: its lead authority always, others once it counts, on lots that they share."""
        is_shared = self.effective_on is not None and any(lot_id in shared_lots for lot_id in self.lot_ids)
        return self.council_id in lead_ids or is_shared


@dataclass(frozen=True)
class LeavingAnswer:
    """What a council has told of its learners at a setting that leaves: how many, and how many of them are settled."""

    council_id: str
    learners: int
    done: int
    answered_at: datetime | None


@dataclass(frozen=True)
class LeavingLearner:
    """A learner of one's own council who must move, by the council's own reference."""

    id: str
    reference: str
    next_step: NextStep
    due_on: date
    done_on: date | None


@dataclass(frozen=True)
class LeavingPlan:
    """The plan by which a setting leaves; `council_id` is the lead authority."""

    id: str
    council_id: str
    setting_id: str
    decided_by: str
    recorded_at: datetime
    reasons: str
    leaves_on: date
    reply_by: date
    reply: str | None
    replied_at: datetime | None
    ended_at: datetime | None
