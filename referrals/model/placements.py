"""Placements: what was called off, until when it holds, and how it is going."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from referrals.model.placement_reviews import Review
from referrals.model.routes import Route


class PlacementKind(StrEnum):
    """What is called off: a place at a school or college, alternative provision, or several suppliers' hours."""

    SCHOOL = "school"
    ALTERNATIVE = "alternative"
    PACKAGE = "package"

    @property
    def words(self) -> str:
        """The kind as pages name it."""
        return _KIND_WORDS[self]


_KIND_WORDS: Mapping[PlacementKind, str] = MappingProxyType(
    {
        PlacementKind.SCHOOL: "Place at a school or college",
        PlacementKind.ALTERNATIVE: "Alternative provision",
        PlacementKind.PACKAGE: "Package of education support",
    }
)


class Basis(StrEnum):
    """On what the learner's education there rests (R28)."""

    PLAN = "ehc_plan"
    ASSESSMENT = "ehc_assessment"
    EOTAS = "section_61"
    SECTION_19 = "section_19"
    TRIBUNAL = "tribunal_order"

    @property
    def words(self) -> str:
        """The basis as pages and documents name it."""
        return _BASIS_WORDS[self]


_BASIS_WORDS: Mapping[Basis, str] = MappingProxyType(
    {
        Basis.PLAN: "The setting is named in the education, health and care plan",
        Basis.ASSESSMENT: "For the time of an education, health and care needs assessment",
        Basis.EOTAS: "Education otherwise than in a school, in the plan (Children and Families Act 2014, section 61)",
        Basis.SECTION_19: "Education for a child out of school (Education Act 1996, section 19)",
        Basis.TRIBUNAL: "Order of the First-tier Tribunal",
    }
)


class PlacementState(StrEnum):
    """Where a placement stands; worked out from its days, never stored."""

    DRAFT = "draft"
    SIGNED = "signed"
    RUNNING = "running"
    ENDED = "ended"

    @property
    def words(self) -> str:
        """The state as pages name it."""
        return _STATE_WORDS[self]


_STATE_WORDS: Mapping[PlacementState, str] = MappingProxyType(
    {
        PlacementState.DRAFT: "Agreement to be signed",
        PlacementState.SIGNED: "Agreed, not begun",
        PlacementState.RUNNING: "Running",
        PlacementState.ENDED: "Ended",
    }
)


class EndReason(StrEnum):
    """Why a placement ended. The first two the hub writes by itself on the day after the last."""

    PHASE = "phase_change"
    LAST_DAY = "last_day"
    RETURNED = "returned"
    MOVED = "moved"
    BROKE_DOWN = "broke_down"
    SUPPLIER = "supplier"
    NOT_BEGUN = "not_begun"

    @property
    def words(self) -> str:
        """The reason as pages name it."""
        return _END_WORDS[self]

    @property
    def is_by_itself(self) -> bool:
        """Whether the hub alone gives it."""
        return self in (EndReason.PHASE, EndReason.LAST_DAY)


_END_WORDS: Mapping[EndReason, str] = MappingProxyType(
    {
        EndReason.PHASE: "The learner's phase of education ended",
        EndReason.LAST_DAY: "Its agreed last day had come",
        EndReason.RETURNED: "The learner returned to school",
        EndReason.MOVED: "The learner moved to another place",
        EndReason.BROKE_DOWN: "The placement broke down",
        EndReason.SUPPLIER: "The supplier or the council gave notice",
        EndReason.NOT_BEGUN: "It never began",
    }
)


@dataclass(frozen=True)
class Fees:
    """What a part costs, split, in whole pounds a year; None where it is not agreed yet."""

    education: int | None = None
    care: int | None = None
    therapy: int | None = None
    transport: int | None = None

    @property
    def total(self) -> int:
        """The whole cost of a year."""
        return sum(filter(None, (self.education, self.care, self.therapy, self.transport)))


@dataclass(frozen=True)
class Part:
    """What one supplier does of a placement."""

    id: str
    number: int
    provider_id: str | None
    setting_id: str | None
    supplier: str
    service: str
    route: Route
    contract: str | None
    bought_under: str | None
    minutes_a_week: int | None
    weeks_a_year: int | None
    fees: Fees
    ended_on: date | None

    @property
    def hours_a_week(self) -> str:
        """The hours as pages name them, without needless zeros."""
        return "" if self.minutes_a_week is None else f"{self.minutes_a_week / 60:g}"


@dataclass(frozen=True)
class PlacementCard:
    """A placement as its council reads it; a supplier's page leaves out the learner code and others' parts.

    `framework_ends_on` is the last day of the framework through which it was called off, None off the framework.
    """

    id: str
    reference: str
    council_id: str
    kind: PlacementKind
    route: Route
    referral_id: str | None
    award_id: str | None
    lot_id: str | None
    setting_id: str | None
    provider_id: str | None
    supplier: str
    learner_code: str
    basis: Basis | None
    outcomes: str
    starts_on: date | None
    ends_on: date | None
    phase_ends_on: date | None
    council_contact_id: str
    provider_contact_id: str | None
    created_at: datetime
    signed_on: date | None
    ended_on: date | None
    end_reason: EndReason | None
    end_words: str | None
    edition: int
    framework_ends_on: date | None
    parts: tuple[Part, ...] = ()
    reviews: tuple[Review, ...] = ()

    def state(self, today: date) -> PlacementState:
        """Return where it stands on a day."""
        if self.ended_on is not None:
            return PlacementState.ENDED
        if self.signed_on is None or self.starts_on is None:
            return PlacementState.DRAFT
        return PlacementState.SIGNED if today < self.starts_on else PlacementState.RUNNING

    def is_supplied(self, part: Part) -> bool:
        """Tell whether a part has not been taken out of the placement before its end."""
        return part.ended_on is None or part.ended_on == self.ended_on

    @property
    def outlasts_framework(self) -> bool:
        """Whether the agreement runs past the end of its framework (C4)."""
        return self.framework_ends_on is not None and self.ends_on is not None and self.framework_ends_on < self.ends_on

    @property
    def yearly_cost(self) -> int:
        """What the parts cost together in a year, in whole pounds."""
        return sum(part.fees.total for part in self.parts)
