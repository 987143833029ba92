from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from fps.model import DocumentKind, LotCard, SettingCard, Status

Answer = str | list[str]
"""What was answered to one question: words, or the choices that were ticked."""
Answers = Mapping[str, Answer]

ORGANISATION = ""
"""The subject that stands for the organisation itself, where others are settings of an application."""


class ApplicationState(StrEnum):
    """Where an application stands; CANCELLED ended with its round."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    DECIDED = "decided"


APPLICATION_WORDS: Mapping[ApplicationState, str] = {
    ApplicationState.DRAFT: "Not sent yet",
    ApplicationState.SUBMITTED: "Sent",
    ApplicationState.WITHDRAWN: "Withdrawn",
    ApplicationState.CANCELLED: "Round cancelled",
    ApplicationState.DECIDED: "Decided",
}


class Outcome(StrEnum):
    """What is decided of a setting on a lot."""

    ADMIT = "admit"
    REFUSE = "refuse"


class Scale(StrEnum):
    """How a criterion is judged."""

    PASS = "pass"  # noqa: S105 - a kind of mark
    POINTS = "points"


@dataclass(frozen=True)
class Criterion:
    """What evaluators judge; `of_setting` tells whether once a setting or once an application."""

    key: str
    title: str
    asks: str
    scale: Scale
    of_setting: bool = False


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        "standing",
        "Exclusion grounds",
        "Do the declarations leave no ground to exclude the provider?",
        Scale.PASS,
    ),
    Criterion("finance", "Financial check", "Is the provider likely to stay in business?", Scale.PASS),
    Criterion("insurance", "Insurance", "Is the insurance enough for what is offered?", Scale.PASS),
    Criterion("policies", "Policies and procedures", "Are the policies complete and up to date?", Scale.PASS),
    Criterion(
        "registrations",
        "Registrations",
        "Is the setting registered for whom it wants to take?",
        Scale.PASS,
        of_setting=True,
    ),
    Criterion(
        "quality",
        "Quality",
        "What do the latest judgement and the Statement of Purpose show?",
        Scale.POINTS,
        of_setting=True,
    ),
    Criterion(
        "voice",
        "Parents and learners",
        "How well are parents worked with and learners heard?",
        Scale.POINTS,
        of_setting=True,
    ),
    Criterion(
        "value", "Services and costs", "Are the services clear and the costs plain?", Scale.POINTS, of_setting=True
    ),
)
"""What an application is judged by ([own], after the tender checks of DOMAIN.md 2)."""
MARKS: Mapping[Scale, tuple[tuple[str, str], ...]] = {
    Scale.PASS: (("pass", "Pass"), ("fail", "Fail")),
    Scale.POINTS: (
        ("0", "0: nothing shown"),
        ("1", "1: poor"),
        ("2", "2: some gaps"),
        ("3", "3: acceptable"),
        ("4", "4: good"),
        ("5", "5: very good"),
    ),
}


@dataclass(frozen=True)
class ApplicationCard:
    """An application without what it says. `closes_at` is its round's; `checksum` that of what was last sent."""

    id: str
    round_id: str
    provider_id: str
    lead_id: str
    state: ApplicationState
    created_at: datetime
    submitted_at: datetime | None
    submitted_by: str | None
    checksum: str | None
    opened_at: datetime | None
    told_at: datetime | None
    standstill_until: date | None


@dataclass(frozen=True)
class Entry:
    """A setting of an application. `card` is what the register says; a new one is registered once it is opened."""

    id: str
    name: str
    card: SettingCard | None


@dataclass(frozen=True)
class Part:
    """A section as it was last saved; version 0 was never saved."""

    subject: str
    section: str
    answers: Answers
    version: int
    saved_at: datetime | None = None
    saved_by: str | None = None


@dataclass(frozen=True)
class KeptFile:
    """A file of an application, without its content."""

    id: str
    subject: str
    kind: DocumentKind
    name: str
    sha256: str
    valid_from: date | None
    valid_until: date | None
    added_at: datetime
    is_scanned: bool


@dataclass(frozen=True)
class Draft:
    """All that a provider has entered. Of parts and files the key is (subject, section or kind).

    `lots` are the round's. `held` gives the last day of evidence that the register holds already, None standing for
    no end; `standing` where settings stand on lots now.
    """

    card: ApplicationCard
    lots: tuple[LotCard, ...]
    entries: tuple[Entry, ...]
    parts: Mapping[tuple[str, str], Part]
    files: Mapping[tuple[str, DocumentKind], KeptFile]
    held: Mapping[tuple[str, DocumentKind], date | None]
    standing: Mapping[tuple[str, str], Status]

    def answers(self, subject: str, section: str) -> Answers:
        """Return what was answered in a section, nothing where it was never saved."""
        part = self.parts.get((subject, section))
        return part.answers if part else {}


@dataclass(frozen=True)
class Task:
    """One line of the task list: a section to fill in, or a piece of evidence where `kind` is given."""

    subject: str
    key: str
    title: str
    is_done: bool
    note: str = ""
    kind: DocumentKind | None = None


@dataclass(frozen=True)
class Submitted:
    """An application as it was sent: `content` is frozen, `number` counts how often it was sent."""

    number: int
    submitted_at: datetime
    submitted_by: str
    checksum: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Mark:
    """One evaluator's judgement of one criterion, with the reason."""

    subject: str
    criterion: str
    mark: str
    reason: str


@dataclass(frozen=True)
class Evaluation:
    """One evaluator's evaluation; `has_conflict` is None until they have declared, `marks` is None while hidden."""

    person_id: str
    council_id: str
    has_conflict: bool | None
    declared_at: datetime | None
    finished_at: datetime | None
    marks: tuple[Mark, ...] | None = None


@dataclass(frozen=True)
class Decision:
    """What is decided of a setting on a lot, and why.

    `override` says why it is admitted although an evaluator failed it on a check; the provider does not read it.
    """

    entry_id: str
    lot_id: str
    outcome: Outcome
    reasons: str
    override: str = ""


@dataclass(frozen=True)
class Clarification:
    """A question to one applicant, and its answer."""

    id: str
    question: str
    asked_by: str
    asked_at: datetime
    due_on: date
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None


@dataclass(frozen=True)
class ContractCard:
    """The contract that was signed with an admitted provider."""

    reference: str
    signed_on: date
    effective_on: date
    provider_signatory: str
    authority_signatory: str
    recorded_at: datetime
