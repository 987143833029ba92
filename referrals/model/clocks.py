"""Statutory clocks: days that the law gives, each an object of its own beside referrals (R19, R20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class ClockKind(StrEnum):
    """What the law counts days from."""

    DRAFT_PLAN = "draft_plan"
    CONSULTATION = "consultation"
    FINAL_PLAN = "final_plan"
    ANNUAL_REVIEW = "annual_review"

    @property
    def words(self) -> str:
        """The clock as pages name it."""
        return _KIND_WORDS[self]

    @property
    def starts_with(self) -> str:
        """The day from which it counts, as pages name it."""
        return _START_WORDS[self]


class Step(StrEnum):
    """What must be done, or has run out, by a day of a clock."""

    FAMILY_REPLY = "family_reply"
    SCHOOL_REPLY = "school_reply"
    FINAL_PLAN = "final_plan"
    REPORT = "report"
    DECISION = "decision"
    AMENDED_PLAN = "amended_plan"

    @property
    def words(self) -> str:
        """The step as pages name it."""
        return _STEP_WORDS[self]


class ConsultBasis(StrEnum):
    """On what footing a school is asked about a named plan (R20)."""

    SECTION_38 = "section_38"
    INDEPENDENT = "independent"

    @property
    def words(self) -> str:
        """The footing as pages name it."""
        return _BASIS_WORDS[self]


class SchoolType(StrEnum):
    """Kinds of school as section 38(3) of the Children and Families Act 2014 lists them, and the one it leaves out."""

    MAINTAINED = "maintained"
    ACADEMY = "academy"
    FE = "fe"
    NMSS = "nmss"
    SECTION_41 = "section_41"
    INDEPENDENT = "independent"

    @property
    def words(self) -> str:
        """The type as pages name it."""
        return _TYPE_WORDS[self]


_KIND_WORDS: Mapping[ClockKind, str] = MappingProxyType(
    {
        ClockKind.DRAFT_PLAN: "Draft plan with the family",
        ClockKind.CONSULTATION: "School consulted",
        ClockKind.FINAL_PLAN: "Assessment to final plan",
        ClockKind.ANNUAL_REVIEW: "Annual review",
    }
)
_START_WORDS: Mapping[ClockKind, str] = MappingProxyType(
    {
        ClockKind.DRAFT_PLAN: "Draft plan served",
        ClockKind.CONSULTATION: "Consultation sent",
        ClockKind.FINAL_PLAN: "Request for an assessment received",
        ClockKind.ANNUAL_REVIEW: "Review meeting held",
    }
)
_STEP_WORDS: Mapping[Step, str] = MappingProxyType(
    {
        Step.FAMILY_REPLY: "Last day for the family to answer",
        Step.SCHOOL_REPLY: "Reply of the school due",
        Step.FINAL_PLAN: "Final plan due",
        Step.REPORT: "Report of the meeting due",
        Step.DECISION: "Decision on the plan due",
        Step.AMENDED_PLAN: "Final amended plan due",
    }
)
_BASIS_WORDS: Mapping[ConsultBasis, str] = MappingProxyType(
    {
        ConsultBasis.SECTION_38: "On the list of section 38(3): a family can ask for it to be named",
        ConsultBasis.INDEPENDENT: "Independent, not approved under section 41: no right to ask for it, it must agree",
    }
)
_TYPE_WORDS: Mapping[SchoolType, str] = MappingProxyType(
    {
        SchoolType.MAINTAINED: "Maintained school or nursery",
        SchoolType.ACADEMY: "Academy or free school",
        SchoolType.FE: "Further education college",
        SchoolType.NMSS: "Non-maintained special school",
        SchoolType.SECTION_41: "Independent, approved under section 41",
        SchoolType.INDEPENDENT: "Independent, not approved under section 41",
    }
)


@dataclass(frozen=True)
class Due:
    """A step of a clock and its last day; `done_on` is the day on which it was done."""

    step: Step
    due_on: date
    done_on: date | None = None


@dataclass(frozen=True)
class ClockCard:
    """A clock of one learner, whom only the council's own code names.

    `law` is the version of the periods by which its days were counted: a later law never moves them. A consultation
    names the school, its type and by that the footing. `reference` is the referral beside which it runs, if any.
    """

    id: str
    council_id: str
    kind: ClockKind
    learner_code: str
    started_on: date
    law: str
    owner_id: str
    school: str | None
    school_type: SchoolType | None
    basis: ConsultBasis | None
    referral_id: str | None
    reference: str | None
    stopped_on: date | None
    stop_reason: str | None
    dues: tuple[Due, ...]

    @property
    def next_due(self) -> Due | None:
        """The first step that is not done, while the clock runs."""
        if self.stopped_on is not None:
            return None
        return next((due for due in self.dues if due.done_on is None), None)
