"""The "why this placement" pack: everything on which a placement rests, in one document (R35)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

Facts = tuple[tuple[str, str], ...]
"""Pairs of a name and what stands there, in order."""


@dataclass(frozen=True)
class PackVersion:
    """One version of the issue; `is_intact` tells whether text, times and recipients still give its hash (R9)."""

    number: int
    issued_at: datetime
    issued_by: str
    deadline_at: datetime
    reason: str
    hash: str
    is_intact: bool


@dataclass(frozen=True)
class PackApproval:
    """What a second person was asked to approve, and what they said."""

    what: str
    asked_by: str
    asked_at: datetime
    reasons: str
    decided_by: str | None
    decided_at: datetime | None
    outcome: str | None
    words: str


@dataclass(frozen=True)
class PackAsked:
    """A setting that was asked: how and when its first alert left, where the hub's records still say so."""

    setting: str
    provider: str
    channel: str | None
    status: str | None
    handed_at: datetime | None


@dataclass(frozen=True)
class PackLeftOut:
    """A setting that was left out, with every reason (R3)."""

    setting: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class PackQuestion:
    """A question that everybody was answered alike (R11)."""

    number: int
    question: str
    answer: str
    answered_at: datetime


@dataclass(frozen=True)
class PackAnswer:
    """What a setting answered, once unsealed; cost is in whole pounds a year."""

    setting: str
    received_at: datetime
    checksum: str
    answer: str
    reason: str | None
    starts_on: date | None
    yearly_cost: int | None
    costs: tuple[tuple[str, int], ...]
    conditions: str
    information_wanted: str
    words: str


@dataclass(frozen=True)
class PackScore:
    """An agreed score of 0 to 5 with its reason (R25)."""

    setting: str
    criterion: str
    score: int
    reason: str


@dataclass(frozen=True)
class PackRank:
    """Where an offer ranks, with its points out of 100; `is_by_law` where law puts it first (R26)."""

    setting: str
    place: int
    points: str
    is_by_law: bool


@dataclass(frozen=True)
class PackDecision:
    """What was decided, by whom and why."""

    outcome: str
    supplier: str
    reasons: str
    decided_by: str
    decided_at: datetime
    approved_by: str | None
    next_step: str | None
    told_at: datetime | None
    standstill_until: datetime | None
    placement: str | None


@dataclass(frozen=True)
class PackJudging:
    """What was answered and how it was judged; answers, scores and ranking are empty while they are sealed."""

    answers: tuple[PackAnswer, ...]
    weights: tuple[tuple[str, int], ...]
    evaluators: tuple[tuple[str, str], ...]
    scores: tuple[PackScore, ...]
    moderation: str | None
    ranking: tuple[PackRank, ...]
    family_view: Facts
    preference: Facts


@dataclass(frozen=True)
class Pack:
    """The pack as things stand: what has not happened yet is empty. It is for the placing council alone."""

    reference: str
    council: str
    framework: str
    lot: str
    law: str
    route: str
    particulars: Facts
    phase: str
    drafted_at: datetime
    need: Facts
    versions: tuple[PackVersion, ...]
    approvals: tuple[PackApproval, ...]
    asked: tuple[PackAsked, ...]
    left_out: tuple[PackLeftOut, ...]
    answered: int
    late: int
    questions: tuple[PackQuestion, ...]
    unsealed_by: tuple[tuple[str, datetime], ...]
    decision: PackDecision | None
    closed_reason: str | None
    judging: PackJudging
