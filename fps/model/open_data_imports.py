"""A public file on its way into the register, and what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fps.model.open_data import Source


class ImportState(StrEnum):
    """How far a file has come. What waits or is approved is the worker's to do; what is ready waits for a person."""

    WAITING = "waiting"
    READY = "ready"
    APPROVED = "approved"
    APPLIED = "applied"
    FAILED = "failed"
    DISCARDED = "discarded"


class Change(StrEnum):
    """What a file says that is new about a school."""

    NEW = "new"
    CHANGED = "changed"
    CLOSED = "closed"
    REOPENED = "reopened"
    GONE = "gone"
    BACK = "back"
    PREDECESSOR = "predecessor"
    SUCCESSOR = "successor"
    LINK = "link"
    JUDGEMENT = "judgement"


@dataclass(frozen=True)
class ImportCard:
    """A file that was handed in. `counts` are by Change, `read_*` tell how far reading is, `notes` what to look at."""

    id: str
    source: Source
    state: ImportState
    file_name: str
    file_bytes: int
    as_at: date | None
    is_forced: bool
    created_at: datetime
    ended_at: datetime | None
    read_rows: int
    read_bytes: int
    counts: Mapping[str, int]
    faults: tuple[str, ...]
    fault_count: int
    notes: tuple[str, ...]

    @property
    def is_under_way(self) -> bool:
        """Tell whether the worker has it."""
        return self.state in (ImportState.WAITING, ImportState.APPROVED)


@dataclass(frozen=True)
class ChangeLine:
    """A line of an import's report; `details` are (heading, before, after). `setting_id` is of the register, if any."""

    import_id: str
    number: int
    what: Change
    urn: str
    name: str
    la_gss: str
    details: tuple[tuple[str, str, str], ...]
    setting_id: str | None
    recorded_at: datetime
    dealt_at: datetime | None
