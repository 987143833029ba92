from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class RequestKind(StrEnum):
    """What somebody asks for about what is held of them; or that they complain of how it is handled."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    OBJECTION = "objection"
    RESTRICTION = "restriction"
    COMPLAINT = "complaint"


class CameBy(StrEnum):
    """How a request reached the council; a request needs no form and no particular words."""

    PAGE = "page"
    EMAIL = "email"
    LETTER = "letter"
    PHONE = "phone"
    IN_PERSON = "in_person"
    TEXT = "text"


class Identity(StrEnum):
    """How somebody made sure who asks."""

    KNOWN = "known"
    CALLED_BACK = "called_back"
    DOCUMENT = "document"
    AUTHORITY = "authority"


class PauseReason(StrEnum):
    """What a clock waits for."""

    CLARIFICATION = "clarification"
    IDENTITY = "identity"


class ExtensionReason(StrEnum):
    """What allows two more months: the law knows these two."""

    COMPLEX = "complex"
    MANY = "many"


class Outcome(StrEnum):
    """How a request ended."""

    DONE = "done"
    PARTLY = "partly"
    NOTHING_HELD = "nothing_held"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Purpose(StrEnum):
    """Why a person's data is opened."""

    REQUEST = "request"
    COMPLAINT = "complaint"
    SECURITY = "security"
    CHECK = "check"


class LeaveOut(StrEnum):
    """Why a record is not given out, or is given out although it was withheld."""

    OTHER_PERSON = "other_person"
    SERIOUS_HARM = "serious_harm"
    LEGAL = "legal"
    NO_HARM = "no_harm"


@dataclass(frozen=True)
class Pause:
    """Days on which a clock stands still; `until` is the day on which it runs again."""

    why: PauseReason
    since: date
    until: date | None


@dataclass(frozen=True)
class RequestCard:
    """A request as pages know it. `due_on` is None while it is paused and once nothing is due any more."""

    id: str
    council_id: str
    kind: RequestKind
    person_id: str | None
    requester: str
    reach: str
    words: str
    came_by: CameBy
    received_on: date
    logged_at: datetime
    handler_id: str | None
    identity: Identity | None
    identity_on: date | None
    extended_on: date | None
    acknowledged_on: date | None
    due_on: date | None
    pauses: tuple[Pause, ...]
    reviewed_at: datetime | None
    reviewed_digest: str | None
    ended_at: datetime | None
    outcome: Outcome | None
    erased: Mapping[str, int] | None

    @property
    def pause(self) -> Pause | None:
        """Return the pause that is on, if any."""
        return next((pause for pause in self.pauses if pause.until is None), None)


@dataclass(frozen=True)
class RequestStep:
    """One thing that happened to a request; `actor_id` is a person or "system"."""

    at: datetime
    actor_id: str
    what: str
    note: str


@dataclass(frozen=True)
class RecordDecision:
    """What somebody decided about one record before it is given out."""

    is_released: bool
    reason: LeaveOut


@dataclass(frozen=True)
class RetentionRun:
    """One run of the retention schedule; `counts` by rule."""

    id: str
    at: datetime
    run_by: str
    is_dry: bool
    counts: Mapping[str, int]
    ended_at: datetime | None


@dataclass(frozen=True)
class AuditCheck:
    """One walk along the log's chain."""

    at: datetime
    checked_by: str
    entries: int
    head: str
    broken_at: int | None
    reason: str
