"""What the hub tells the case systems of councils, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class EventType(StrEnum):
    """A fact that a system is told; its payload has ids, times and status words only."""

    REFERRAL_ISSUED = "referral.issued"
    REFERRAL_CHANGED = "referral.changed"
    REFERRAL_UNSEALED = "referral.unsealed"
    REFERRAL_DECIDED = "referral.decided"
    REFERRAL_OUTCOME_TOLD = "referral.outcome_told"
    REFERRAL_CLOSED = "referral.closed"
    PLACEMENT_BEGUN = "placement.begun"
    PLACEMENT_SIGNED = "placement.signed"
    PLACEMENT_ENDED = "placement.ended"
    ENDPOINT_TEST = "endpoint.test"

    @property
    def words(self) -> str:
        """The fact as pages name it."""
        return _EVENT_WORDS[self]


_EVENT_WORDS: Mapping[EventType, str] = MappingProxyType(
    {
        EventType.REFERRAL_ISSUED: "A referral was issued",
        EventType.REFERRAL_CHANGED: "A new version of a referral went out",
        EventType.REFERRAL_UNSEALED: "The answers to a referral were unsealed",
        EventType.REFERRAL_DECIDED: "A place was awarded, or it was decided to award none",
        EventType.REFERRAL_OUTCOME_TOLD: "All who were asked were told of the outcome",
        EventType.REFERRAL_CLOSED: "A referral was closed",
        EventType.PLACEMENT_BEGUN: "A placement was called off",
        EventType.PLACEMENT_SIGNED: "A placement's agreement was signed",
        EventType.PLACEMENT_ENDED: "A placement ended",
        EventType.ENDPOINT_TEST: "Test",
    }
)
CHOSEN_TYPES = tuple(each for each in EventType if each is not EventType.ENDPOINT_TEST)
"""What an address can be told of; a test goes to one address, when somebody asks for it."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    PARKED = "parked"
    DROPPED = "dropped"


class Fault(StrEnum):
    """Why an attempt failed. Nothing of what the other side wrote is kept."""

    NOT_FOUND = "not_found"
    NOT_PUBLIC = "not_public"
    NO_CONNECTION = "no_connection"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    BROKEN_OFF = "broken_off"
    NO_HTTP = "no_http"
    REFUSED = "refused"

    @property
    def words(self) -> str:
        """The reason as pages give it."""
        return _FAULT_WORDS[self]


_FAULT_WORDS: Mapping[Fault, str] = MappingProxyType(
    {
        Fault.NOT_FOUND: "The name of the server was not found.",
        Fault.NOT_PUBLIC: "The name leads to an address that is not public. The hub does not call those.",
        Fault.NO_CONNECTION: "The server took no connection.",
        Fault.CERTIFICATE: "The server's certificate does not hold, or is not for this name.",
        Fault.TIMEOUT: "The server did not answer in 10 seconds.",
        Fault.BROKEN_OFF: "The server broke the connection off.",
        Fault.NO_HTTP: "What the server answered is not HTTP.",
        Fault.REFUSED: "The server did not take it: only a status from 200 to 299 says that it did.",
    }
)


@dataclass(frozen=True)
class Result:
    """What came of one attempt: the status with which the server answered, if it did, and why it failed, if it did."""

    status: int | None = None
    fault: Fault | None = None


@dataclass(frozen=True)
class EndpointCard:
    """An address of a council's system, as pages show it; its secrets are in no card.

    `types` are what it is told of; `old_secret_until` is until when the secret before the present one still signs.
    """

    id: str
    council_id: str
    council: str
    name: str
    url: str
    types: tuple[EventType, ...]
    created_at: datetime
    created_by: str
    paused_at: datetime | None
    old_secret_until: datetime | None
    failures: int
    rests_until: datetime | None


@dataclass(frozen=True)
class DeliveryCard:
    """One fact on its way to one address."""

    id: str
    event_id: str
    type: EventType
    referral_id: str | None
    at: datetime
    state: DeliveryState
    attempts: int
    due_at: datetime
    ended_at: datetime | None
    result: Result


@dataclass(frozen=True)
class AttemptCard:
    """One attempt; `took_ms` is how long it took."""

    number: int
    at: datetime
    result: Result
    took_ms: int
