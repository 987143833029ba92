from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fps.model import DocumentKind


class DocumentState(StrEnum):
    """Where a document stands: a provider offers it, the lead authority takes it or not.

    A file that the virus scanner has not looked at yet is UNSCANNED, and offered to nobody so long.
    """

    UNSCANNED = "unscanned"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RecheckAnswer(StrEnum):
    """What a provider said to one question of a yearly re-check."""

    CONFIRMED = "confirmed"
    UPLOADED = "uploaded"


DOCUMENT_STATE_WORDS: Mapping[DocumentState, str] = {
    DocumentState.UNSCANNED: "Not scanned yet",
    DocumentState.OFFERED: "To be checked",
    DocumentState.ACCEPTED: "Accepted",
    DocumentState.REFUSED: "Refused",
    DocumentState.WITHDRAWN: "Withdrawn",
}
WAITING = (DocumentState.UNSCANNED, DocumentState.OFFERED)
"""The states in which nobody has decided yet."""


@dataclass(frozen=True)
class FileCard:
    """The file of a document; `kind` is how its name ends, `size` is in bytes.

    `is_scanned`: the virus scanner has judged it. Before, nobody reads it, whatever becomes of the document.
    """

    name: str
    kind: str
    size: int
    sha256: str
    is_scanned: bool


@dataclass(frozen=True)
class DocumentCard:
    """A document of a provider; one without a setting counts for each of its settings."""

    id: str
    provider_id: str
    setting_id: str | None
    kind: DocumentKind
    state: DocumentState
    is_current: bool
    valid_from: date | None
    valid_until: date | None
    recorded_at: datetime
    recorded_by: str
    decided_at: datetime | None
    decided_by: str | None
    refusal: str | None
    replaced_at: datetime | None
    file: FileCard | None


@dataclass(frozen=True)
class RecheckCard:
    """A yearly re-check: how many documents it asks for, how many were confirmed or uploaded so far."""

    id: str
    framework_id: str
    framework_name: str
    due_on: date
    started_at: datetime
    started_by: str
    closed_at: datetime | None
    asked: int
    confirmed: int
    uploaded: int

    @property
    def answered(self) -> int:
        """How many documents have been answered for."""
        return self.confirmed + self.uploaded


@dataclass(frozen=True)
class RecheckItem:
    """One document that a re-check asks for; `setting_id` is None where it counts for all of the provider's.

    `document_id` and `valid_until` are of what was answered, or of what counts now where nothing was.
    """

    id: str
    recheck_id: str
    provider_id: str
    setting_id: str | None
    setting_name: str | None
    kind: DocumentKind
    due_on: date
    answer: RecheckAnswer | None
    answered_at: datetime | None
    document_id: str | None
    valid_until: date | None
