from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True)
class ReferralIssued(Event):
    """A mini-competition has been issued; times are ISO, in UTC."""

    name: ClassVar[str] = "referrals.issued"
    referral_id: str
    council_id: str
    lot_id: str
    release_at: str
    deadline_at: str
    recipients: int


@dataclass(frozen=True)
class ResponseReceived(Event):
    """A provider has responded for a setting in time; what it says stays sealed."""

    name: ClassVar[str] = "referrals.response_received"
    referral_id: str
    recipient_id: str
    number: int


@dataclass(frozen=True)
class ResponsesUnsealed(Event):
    """Enough people of the placing council have unsealed the responses."""

    name: ClassVar[str] = "referrals.unsealed"
    referral_id: str
    council_id: str


@dataclass(frozen=True)
class ReferralClosed(Event):
    """The placing council has closed a referral."""

    name: ClassVar[str] = "referrals.closed"
    referral_id: str
    council_id: str


@dataclass(frozen=True)
class ReferralAwarded(Event):
    """The placing council has decided: `outcome` is award or no_award."""

    name: ClassVar[str] = "referrals.awarded"
    referral_id: str
    council_id: str
    award_id: str
    outcome: str
    route: str


@dataclass(frozen=True)
class OutcomeTold(Event):
    """All who were asked have been told of the outcome at once (R27)."""

    name: ClassVar[str] = "referrals.outcome_told"
    referral_id: str
    council_id: str
    award_id: str


@dataclass(frozen=True)
class PlacementBegun(Event):
    """A placement has been called off; its agreement is still to be signed."""

    name: ClassVar[str] = "referrals.placement_begun"
    placement_id: str
    council_id: str
    referral_id: str
    route: str


@dataclass(frozen=True)
class PlacementSigned(Event):
    """All have signed the Individual Placement Agreement; days are ISO."""

    name: ClassVar[str] = "referrals.placement_signed"
    placement_id: str
    council_id: str
    starts_on: str
    ends_on: str


@dataclass(frozen=True)
class PlacementEnded(Event):
    """A placement has ended; the day is ISO."""

    name: ClassVar[str] = "referrals.placement_ended"
    placement_id: str
    council_id: str
    ended_on: str
    reason: str


@dataclass(frozen=True)
class ReferralChanged(Event):
    """A new version has gone to all who were asked; the deadline is ISO, in UTC."""

    name: ClassVar[str] = "referrals.changed"
    referral_id: str
    council_id: str
    version: int
    deadline_at: str


@dataclass(frozen=True)
class QuestionAnswered(Event):
    """A question has been answered to all who were asked."""

    name: ClassVar[str] = "referrals.question_answered"
    referral_id: str
    council_id: str
    number: int
