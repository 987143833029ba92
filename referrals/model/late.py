"""Answers that came after the deadline, and on what ground one may be let in (R17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LateGround(StrEnum):
    """Why a late answer may be let in; there are no others."""

    HUB_FAULT = "hub_fault"
    NO_TIMELY_ANSWER = "no_timely_answer"

    @property
    def words(self) -> str:
        """The ground as pages name it."""
        return "A fault of the hub made it late" if self is LateGround.HUB_FAULT else "Nobody answered in time"


@dataclass(frozen=True)
class Fault:
    """A recorded fault of the hub; `ended_at` is None while it lasts.

    `recorded_from` are the organisations of whoever recorded it: a council whose own people did cannot use it.
    """

    id: str
    began_at: datetime
    ended_at: datetime | None
    words: str
    recorded_at: datetime
    recorded_by: str
    recorded_from: tuple[str, ...]

    def is_own(self, council_id: str) -> bool:
        """Whether somebody of this council recorded it."""
        return council_id in self.recorded_from


@dataclass(frozen=True)
class Admission:
    """What somebody asked for a late answer; nothing counts before `admitted_at`."""

    ground: LateGround
    fault_id: str | None
    shown: str
    asked_by: str
    asked_at: datetime
    admitted_at: datetime | None


@dataclass(frozen=True)
class LateAnswer:
    """A late answer as its council sees it: when it came and from whom, nothing of what it says."""

    id: str
    recipient_id: str
    setting_name: str
    received_at: datetime
    checksum: str
    admission: Admission | None


@dataclass(frozen=True)
class LateNote:
    """What all who were asked read of a late answer that was let in."""

    ground: LateGround
    shown: str
    at: datetime
