"""Procurement notices that the hub drafts and never publishes (R38)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fps.model import Regime
from referrals.model.routes import Route
from referrals.model.statistics import Quarter


class NoticeState(StrEnum):
    """How a notice stands; worked out from the day, never stored."""

    COLLECTING = "collecting"
    TO_SEND = "to_send"
    LATE = "late"

    @property
    def words(self) -> str:
        """The state as pages name it."""
        return {
            NoticeState.COLLECTING: "Quarter still runs",
            NoticeState.TO_SEND: "To send",
            NoticeState.LATE: "Late",
        }[self]


@dataclass(frozen=True)
class NoticeAward:
    """What a notice needs of an award to be due; `entered_on` is when the agreement was signed, or else the award."""

    award_id: str
    council_id: str
    framework_id: str | None
    regime: Regime
    route: Route
    decided_on: date
    entered_on: date


@dataclass(frozen=True)
class NoticeDuty:
    """A notice that a council owes, with the awards that it must tell of.

    Awards under the Public Contracts Regulations 2015 are grouped by quarter and framework; under the Procurement Act
    2023 each has its own notice, and `quarter` is None.
    """

    key: str
    council_id: str
    framework_id: str | None
    regime: Regime
    quarter: Quarter | None
    due_on: date
    award_ids: tuple[str, ...]

    def state(self, today: date) -> NoticeState:
        """Return how it stands on a day."""
        if self.quarter and today < self.quarter.after:
            return NoticeState.COLLECTING
        return NoticeState.LATE if today > self.due_on else NoticeState.TO_SEND


@dataclass(frozen=True)
class SentNotice:
    """A notice that was sent, by the number it was published under; `hash` is that of its frozen draft."""

    id: str
    key: str
    due_on: date
    sent_on: date
    sent_by: str
    number: str
    hash: str


@dataclass(frozen=True)
class Named:
    """An organisation or a school by name, with its number in a register where it has one: a scheme of org-id.guide."""

    name: str
    id: str
    scheme: str | None = None
    number: str | None = None


@dataclass(frozen=True)
class AwardToTell:
    """All that a notice tells of one award. There is nothing of the learner: no need, age or code (R27, R30).

    `yearly` is in whole pounds, `tenders` the number of places that were offered.
    """

    award_id: str
    reference: str
    route: Route
    lot: str | None
    framework: str | None
    framework_ocid: str | None
    buyer: Named
    supplier: Named
    setting: Named | None
    released_at: datetime | None
    deadline_at: datetime | None
    tenders: int | None
    weights: tuple[tuple[str, int], ...]
    decided_at: datetime
    placement: str | None
    starts_on: date | None
    ends_on: date | None
    signed_on: date | None
    ended_on: date | None
    yearly: int | None
