import json
import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

KEPT_BODIES = 10_000
KEPT_MESSAGES = 200_000


class Accepted(NamedTuple):
    """A message that the vendor took: for whom, and our own mark in it (the attempt id; None if it bears none)."""

    recipient: str
    mark: str | None


class Taken(NamedTuple):
    """A message in the order in which the vendor took it: its number from 1, when (epoch seconds), whose, which."""

    number: int
    at: float
    recipient: str
    mark: str | None


class Reply(NamedTuple):
    """What a vendor answers to one call."""

    status: int
    body: bytes
    accepted: Accepted | None = None
    headers: Mapping[str, str] | None = None


def reply(status: int, content: Mapping[str, Any], accepted: Accepted | None = None) -> Reply:
    """Answer with a JSON body."""
    return Reply(status, json.dumps(content).encode(), accepted)


@dataclass(frozen=True)
class Failure:
    """An answer to give in place of the vendor's own; call: the SDK's name of the only call it is for."""

    status: int
    headers: Mapping[str, str]
    content: Any
    call: str | None


@dataclass
class Settings:
    """What the tests told the stub to do."""

    latency_ms: float = 0.0
    failures: deque[Failure] = field(default_factory=deque)
    drop_after_accept: int = 0
    callbacks: bool = False
    callback_delay_ms: float = 0.0
    status: str = "delivered"
    error_code: int | None = None

    def take_failure(self, call: str) -> Failure | None:
        """Remove and return the first failure that is for this call."""
        for failure in self.failures:
            if failure.call in (None, call):
                self.failures.remove(failure)
                return failure
        return None


@dataclass
class Tally:
    """What was counted since the start or the last reset."""

    requests: Counter[str] = field(default_factory=Counter)
    recipients: Counter[str] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)
    accepted: int = 0
    failed: int = 0
    dropped: int = 0
    connections: int = 0
    callbacks_sent: int = 0
    callback_failures: list[str] = field(default_factory=list)
    bodies: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=KEPT_BODIES))
    taken: deque[Taken] = field(default_factory=lambda: deque(maxlen=KEPT_MESSAGES))

    def accept(self, accepted: Accepted) -> None:
        """Count a message that the vendor took."""
        self.accepted += 1
        self.recipients[accepted.recipient] += 1
        if accepted.mark is not None:
            self.marks[accepted.mark] += 1
        self.taken.append(Taken(self.accepted, time.time(), accepted.recipient, accepted.mark))

    def taken_after(self, number: int) -> list[Taken]:
        """Return what was taken after the one with this number, in order."""
        later = min(self.accepted - number, len(self.taken))
        return list(islice(self.taken, len(self.taken) - later, None)) if later > 0 else []

    def keep_body(self, call: str, body: Mapping[str, Any]) -> None:
        """Keep what was sent, the oldest going when there are KEPT_BODIES."""
        self.bodies.append({"call": call, "body": body})

    def counts(self) -> dict[str, Any]:
        """Everything but the bodies, as JSON takes it."""
        return {
            "requests": self.requests,
            "recipients": self.recipients,
            "marks": self.marks,
            "accepted": self.accepted,
            "failed": self.failed,
            "dropped": self.dropped,
            "connections": self.connections,
            "callbacks_sent": self.callbacks_sent,
            "callback_failures": self.callback_failures,
        }
