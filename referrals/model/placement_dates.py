from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from referrals.model.placement_reviews import Review


@dataclass(frozen=True)
class LastDay:
    """The last day of a signed agreement; `is_cancelled` once the placement has ended or is opened again."""

    placement_id: str
    edition: int
    changed_at: datetime
    ends_on: date
    is_cancelled: bool


@dataclass(frozen=True)
class Dates:
    """What a calendar shows of placements; `references` and `paths` are theirs by id."""

    references: dict[str, str]
    paths: dict[str, str]
    reviews: Sequence[Review]
    last_days: Sequence[LastDay]
