from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class RoundState(StrEnum):
    """Where a joining round stands.

    Kept are DRAFT, PUBLISHED, EVALUATING, DECIDED, LISTED (the new list is out to all members) and CANCELLED. What
    time decides of a published one, OPEN and CLOSED, is never kept: `RoundCard.state_at` tells it.
    """

    DRAFT = "draft"
    PUBLISHED = "published"
    OPEN = "open"
    CLOSED = "closed"
    EVALUATING = "evaluating"
    DECIDED = "decided"
    LISTED = "listed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class RoundTerms:
    """What a round says: the text and the dates that everybody reads. `decide_by` and later are London dates."""

    number: int
    title: str
    lot_ids: tuple[str, ...]
    advert: str
    notice_reference: str
    opens_at: datetime
    questions_close_at: datetime
    closes_at: datetime
    decide_by: date
    standstill_days: int
    contracts_start_on: date


@dataclass(frozen=True)
class RoundCard:
    """A joining round of a framework. `state` is as kept; `state_at` also knows what time has decided.

    `version` counts from 1 at publication, 0 before; `sequence` grows with each change that calendars must learn of.
    """

    id: str
    framework_id: str
    number: int
    title: str
    lot_ids: tuple[str, ...]
    opens_at: datetime
    questions_close_at: datetime
    closes_at: datetime
    decide_by: date
    state: RoundState
    lead_id: str
    advert: str
    notice_reference: str
    standstill_days: int
    contracts_start_on: date
    version: int
    published_at: datetime | None
    changed_at: datetime
    cancel_reason: str = ""

    def state_at(self, now: datetime) -> RoundState:
        """Return where the round stands at a moment; the closing second itself is in time (R16)."""
        if self.state is not RoundState.PUBLISHED or now < self.opens_at:
            return self.state
        return RoundState.OPEN if now <= self.closes_at else RoundState.CLOSED

    def takes_applications(self, now: datetime) -> bool:
        """Tell whether an application may be sent in at that moment; one second after closing is late (R16)."""
        return self.state_at(now) is RoundState.OPEN

    def takes_questions(self, now: datetime) -> bool:
        """Tell whether a question may be asked: from publication to the day that the round names (R11)."""
        return self.state is RoundState.PUBLISHED and now <= self.questions_close_at

    @property
    def terms(self) -> RoundTerms:
        """What the round says."""
        return RoundTerms(
            self.number,
            self.title,
            self.lot_ids,
            self.advert,
            self.notice_reference,
            self.opens_at,
            self.questions_close_at,
            self.closes_at,
            self.decide_by,
            self.standstill_days,
            self.contracts_start_on,
        )


@dataclass(frozen=True)
class RoundVersion:
    """A published version of a round, and what it changed in words, one line each."""

    number: int
    at: datetime
    changes: tuple[str, ...]


@dataclass(frozen=True)
class SessionCard:
    """A provider engagement session. `place` or `link` tells where; `taken` seats of `capacity` are gone."""

    id: str
    round_id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
    capacity: int
    taken: int
    sequence: int
    changed_at: datetime
    cancelled_at: datetime | None
    cancel_reason: str

    @property
    def is_full(self) -> bool:
        """Whether no seat is left."""
        return self.taken >= self.capacity


class EnquiryKind(StrEnum):
    """How a question of the market-testing questionnaire is answered."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"


@dataclass(frozen=True)
class Enquiry:
    """A question of the market-testing questionnaire; `choices` only where one is chosen."""

    id: str
    round_id: str
    number: int
    text: str
    kind: EnquiryKind
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Contact:
    """Somebody who takes part in a round: a provider's user, or a person who left an address. Never shown to rivals."""

    id: str
    round_id: str
    person_id: str
    provider_id: str | None
    organisation_name: str
    is_confirmed: bool
    interested_at: datetime | None
    started_at: datetime | None
    left_at: datetime | None


@dataclass(frozen=True)
class Asked:
    """A question to a round that waits for its answer: in the asker's words, and nothing of who asked (R11)."""

    id: str
    round_id: str
    words: str
    asked_at: datetime


@dataclass(frozen=True)
class Answered:
    """A question with its answer, as everybody reads it."""

    number: int
    question: str
    answer: str
    published_at: datetime
