from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Self

from referrals.model.answers import AnswerFile, CostPart, Costs, DeclineCode, Receipt, Response, ResponseKind


class AgeBand(StrEnum):
    """The only thing that providers read of a learner's age (R31); `ages` are whole years, both included."""

    UNDER_5 = "0-4"
    FROM_5 = "5-7"
    FROM_8 = "8-11"
    FROM_12 = "12-14"
    FROM_15 = "15-16"
    FROM_17 = "17-19"
    FROM_20 = "20-25"

    @property
    def ages(self) -> range:
        """The ages in the band."""
        first, last = self.value.split("-")
        return range(int(first), int(last) + 1)

    @property
    def words(self) -> str:
        """The band as pages name it."""
        return self.value.replace("-", " to ")


class Gender(StrEnum):
    """Given only where a registration on the lot is for one gender (R31)."""

    FEMALE = "female"
    MALE = "male"


class NeedArea(StrEnum):
    """The four broad areas of need of the SEND Code of Practice (R31)."""

    COMMUNICATION = "communication_and_interaction"
    COGNITION = "cognition_and_learning"
    SEMH = "social_emotional_and_mental_health"
    SENSORY = "sensory_and_physical"

    @property
    def words(self) -> str:
        """The area as pages name it."""
        return _NEED_WORDS[self]


_NEED_WORDS = {
    NeedArea.COMMUNICATION: "communication and interaction",
    NeedArea.COGNITION: "cognition and learning",
    NeedArea.SEMH: "social, emotional and mental health",
    NeedArea.SENSORY: "sensory or physical needs",
}

YEAR_GROUPS = (
    "Nursery",
    "Reception",
    *(f"Year {year}" for year in range(1, 15)),
    "After Year 14",
)


class Phase(StrEnum):
    """Where a referral stands; worked out from what happened and the time, never stored."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    SEALED = "sealed"
    UNSEALED = "unsealed"
    CLOSED = "closed"

    @property
    def words(self) -> str:
        """The phase as pages name it."""
        return _PHASE_WORDS[self]


_PHASE_WORDS = {
    Phase.DRAFT: "Draft",
    Phase.SCHEDULED: "Waiting for its release time",
    Phase.OPEN: "Open for answers",
    Phase.SEALED: "Deadline passed, answers sealed",
    Phase.UNSEALED: "Ready to decide",
    Phase.CLOSED: "Closed",
}


class Reminder(StrEnum):
    """The two reminders of R18."""

    HALFWAY = "halfway"
    LAST_DAY = "last_day"


@dataclass(frozen=True)
class Terms:
    """The settings of the [own] rules with their defaults; a framework's own terms override them.

    `deadline_hour` is London clock time (R14). `light_touch_wd` and `pa23_wd` are working days and `dps_days`
    calendar days from release to deadline (R15). `unseal_min` is the number of people who must unseal (R22).
    `link_grace_d` is how many days after the deadline providers can still open a referral (R32). Questions close
    `clarify_close_wd` working days before the deadline (R11), a change leaves `after_change_wd` of them (R10), and a
    provider who cannot be reached moves the deadline for all after `repair_h` hours (R12).
    At least `evaluators` people score offers (R25), and a placement waits `standstill_days` days after the outcome,
    ten at most (R27). `second_look` 0 lets the author issue alone. `urgent_wd` is the shortest time in working days
    under light touch, with a reason and an approver (R15). Where fewer learners than `rare_below` match, the alert
    names no council (R33). `ap_full_time_h` are the hours a week from which a place counts as full-time (R40).
    """

    deadline_hour: int = 12
    light_touch_wd: int = 5
    pa23_wd: int = 0
    dps_days: int = 10
    unseal_min: int = 2
    link_grace_d: int = 14
    second_look: int = 1
    urgent_wd: int = 2
    rare_below: int = 5
    ap_full_time_h: int = 18
    clarify_close_wd: int = 2
    after_change_wd: int = 2
    repair_h: int = 4
    evaluators: int = 2
    standstill_days: int = 0

    @classmethod
    def of(cls, own: Mapping[str, int]) -> Self:
        """Return the defaults with a framework's `own` values over them; values of other domains are passed by."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in own.items() if name in known})


@dataclass(frozen=True)
class Need:
    """What a commissioner writes: all that providers may read of a learner after they sign in (R31)."""

    age_band: AgeBand
    year_group: str
    gender: Gender | None
    need_area: NeedArea
    outcomes: str
    risk_wording: str
    travel_zone: str
    starts_from: date
    starts_until: date
    weekly_hours: int | None = None

    @property
    def free_text(self) -> Mapping[str, str]:
        """The fields that a person writes freely, and that are scanned for what identifies (R31)."""
        return {
            "outcomes": self.outcomes,
            "risk_wording": self.risk_wording,
            "travel_zone": self.travel_zone,
        }


__all__ = [
    "YEAR_GROUPS",
    "AgeBand",
    "AnswerFile",
    "CostPart",
    "Costs",
    "DeclineCode",
    "Gender",
    "Need",
    "NeedArea",
    "Phase",
    "Receipt",
    "Reminder",
    "Response",
    "ResponseKind",
    "Terms",
]
