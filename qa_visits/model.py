from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from types import MappingProxyType


class VisitType(StrEnum):
    """The types of visit of DOMAIN.md 4."""

    PRE_PLACEMENT = "pre_placement"
    BASELINE = "baseline"
    ANNUAL = "annual"
    TERMLY = "termly"
    AP_REVIEW = "ap_review"
    RESPONSIVE = "responsive"
    FOLLOW_UP = "follow_up"
    DESKTOP = "desktop"

    @property
    def label(self) -> str:
        """What pages and messages call it."""
        return _VISIT_TYPE_LABELS[self]


_VISIT_TYPE_LABELS = {
    VisitType.PRE_PLACEMENT: "pre-placement visit",
    VisitType.BASELINE: "baseline visit",
    VisitType.ANNUAL: "annual visit",
    VisitType.TERMLY: "termly visit",
    VisitType.AP_REVIEW: "alternative provision review",
    VisitType.RESPONSIVE: "responsive visit",
    VisitType.FOLLOW_UP: "follow-up visit",
    VisitType.DESKTOP: "desktop review",
}


class VisitState(StrEnum):
    """Where a visit stands; rules/states.py says which state may follow which."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    OTHER_DAY_OFFERED = "other_day_offered"
    BOOKED = "booked"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """What pages call it."""
        return self.value.replace("_", " ").capitalize()


class Judgement(StrEnum):
    """What a visit finds, in the hub's own words and never an inspector's grade (DOMAIN.md 4, report)."""

    ASSURED = "assured"
    ASSURED_WITH_ACTIONS = "assured_with_actions"
    NOT_YET_ASSURED = "not_yet_assured"
    SERIOUS_CONCERN = "serious_concern"

    @property
    def label(self) -> str:
        """What pages call it."""
        return self.value.replace("_", " ").capitalize()


class Head(StrEnum):
    """The six heads that a visit covers; an improvement action names the one it belongs to."""

    VOICE = "voice"
    INSPECTION = "inspection"
    POLICIES = "policies"
    PREMISES = "premises"
    STAFF = "staff"
    OUTCOMES = "outcomes"

    @property
    def label(self) -> str:
        """What pages call it."""
        return _HEAD_LABELS[self]


_HEAD_LABELS = {
    Head.VOICE: "What learners and families say",
    Head.INSPECTION: "Ofsted and CQC reports",
    Head.POLICIES: "Policies and practice",
    Head.PREMISES: "Premises",
    Head.STAFF: "Staff skills and training",
    Head.OUTCOMES: "Outcomes, value and confidence",
}


class Priority(StrEnum):
    """How much an improvement action matters."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ActionState(StrEnum):
    """Where an improvement action stands. Overdue is never stored: it follows from the date."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    EVIDENCE_IN = "evidence_in"
    VERIFIED = "verified"
    OVERDUE = "overdue"

    @property
    def label(self) -> str:
        """What pages call it."""
        return self.value.replace("_", " ").capitalize()


class Rag(StrEnum):
    """The colour of an improvement action, computed and never entered."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    BLUE = "blue"


class Verdict(StrEnum):
    """What an officer made of a piece of evidence."""

    WAITING = "waiting"
    VERIFIED = "verified"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Tell whether the day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class SettingCalendar:
    """When a setting is open, as far as it has told: its half-terms and its closure days (Q3)."""

    half_terms: tuple[Span, ...] = ()
    closures: tuple[Span, ...] = ()


_NOTICE_WD: Mapping[VisitType, int | None] = MappingProxyType(
    {
        VisitType.PRE_PLACEMENT: None,
        VisitType.BASELINE: 10,
        VisitType.ANNUAL: 10,
        VisitType.TERMLY: 5,
        VisitType.AP_REVIEW: 5,
        VisitType.RESPONSIVE: 0,
        VisitType.FOLLOW_UP: 2,
        VisitType.DESKTOP: None,
    }
)


@dataclass(frozen=True)
class VisitSettings:
    """The figures of DOMAIN.md 4 that are ours to propose and a council's to change.

    notice_wd: working days between telling the provider and the visit; None where no figure is set.
    avoid_first_last_days: school days at each end of a half-term without visits (Q1).
    reuse_d: calendar days within which one visit serves all councils (Q2).
    amber_within_wd: working days before its due date from which an action without evidence is amber.
    chaser_offsets_wd: working days from the due date on which the owner is reminded.
    offered_days: how many free days are named when another day is asked for.
    look_ahead_d: calendar days ahead that free days are looked for.
    """

    notice_wd: Mapping[VisitType, int | None] = field(default_factory=lambda: _NOTICE_WD)
    avoid_first_last_days: int = 2
    reuse_d: int = 60
    amber_within_wd: int = 10
    chaser_offsets_wd: tuple[int, ...] = (-10, -3, 0, 1, 5)
    offered_days: int = 10
    look_ahead_d: int = 90


DEFAULT_START = time(9, 30)
DEFAULT_END = time(15, 0)


@dataclass(frozen=True)
class VisitCard:
    """A visit as other rooms see it. `starts_at` and `ends_at` are London clock times on `day`."""

    id: str
    council_id: str
    setting_id: str
    setting_name: str
    provider_id: str
    visit_type: VisitType
    state: VisitState
    officer_id: str
    proposed_by: str
    day: date
    starts_at: time
    ends_at: time
    is_unannounced: bool
    sequence: int
    judgement: Judgement | None
    summary: str


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened to a visit or an action: when, who, what, in words."""

    at: datetime
    actor_id: str
    what: str
    note: str


@dataclass(frozen=True)
class EvidenceCard:
    """What a provider sent in for an action, and what an officer made of it."""

    id: str
    text: str
    sent_by: str
    sent_at: datetime
    verdict: Verdict
    verdict_note: str


@dataclass(frozen=True)
class ActionCard:
    """An improvement action as other rooms see it; `rag` and `state` are of the day it was asked for."""

    id: str
    visit_id: str
    council_id: str
    setting_id: str
    setting_name: str
    provider_id: str
    officer_id: str
    title: str
    head: Head
    priority: Priority
    owner_id: str
    success_measure: str
    due_on: date
    state: ActionState
    rag: Rag
