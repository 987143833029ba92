"""Reviews of placements: what they look at, when, and what comes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Self


class ReviewKind(StrEnum):
    """What a review looks at."""

    FIRST = "first"
    TERMLY = "termly"
    ANNUAL = "annual"
    OUTCOMES = "outcomes"

    @property
    def words(self) -> str:
        """The review as pages and calendars name it."""
        return _REVIEW_WORDS[self]


_REVIEW_WORDS: Mapping[ReviewKind, str] = MappingProxyType(
    {
        ReviewKind.FIRST: "First review",
        ReviewKind.TERMLY: "Termly review",
        ReviewKind.ANNUAL: "Annual review",
        ReviewKind.OUTCOMES: "Review of outcomes and of the way back to school",
    }
)


class ReviewOutcome(StrEnum):
    """What came of a review."""

    ON_TRACK = "on_track"
    MORE_SUPPORT = "more_support"
    MORE_SCHOOL = "more_school"
    READY = "ready_to_return"
    END = "should_end"

    @property
    def words(self) -> str:
        """The outcome as pages name it."""
        return _OUTCOME_WORDS[self]

    @property
    def is_way_back(self) -> bool:
        """Whether it is a step back to school, which alternative provision alone leads to."""
        return self in (ReviewOutcome.MORE_SCHOOL, ReviewOutcome.READY)

    @property
    def is_last(self) -> bool:
        """Whether no review of its kind follows: the placement is about to end."""
        return self in (ReviewOutcome.READY, ReviewOutcome.END)


_OUTCOME_WORDS: Mapping[ReviewOutcome, str] = MappingProxyType(
    {
        ReviewOutcome.ON_TRACK: "On track, goes on as it is",
        ReviewOutcome.MORE_SUPPORT: "Behind, needs other or more support",
        ReviewOutcome.MORE_SCHOOL: "On the way back: more hours in school",
        ReviewOutcome.READY: "Ready to return to school",
        ReviewOutcome.END: "Should end or change",
    }
)


@dataclass(frozen=True)
class Review:
    """A review, planned, held or called off."""

    id: str
    placement_id: str
    kind: ReviewKind
    due_on: date
    changed_at: datetime
    sequence: int
    held_on: date | None
    outcome: ReviewOutcome | None
    words: str | None
    hours_in_school: int | None
    return_on: date | None
    cancelled_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be held."""
        return self.held_on is None and self.cancelled_at is None


@dataclass(frozen=True)
class ReviewTerms:
    """How often placements are reviewed [own]; a framework's own terms override these defaults.

    `first_review_w`, `termly_review_w` and `ap_review_w` are weeks, `review_notice_d` days of notice before a review.
    """

    first_review_w: int = 6
    termly_review_w: int = 13
    ap_review_w: int = 6
    review_notice_d: int = 14

    @classmethod
    def of(cls, own: Mapping[str, int]) -> Self:
        """Return the defaults with a framework's `own` values over them."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in own.items() if name in known})
