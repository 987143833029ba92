from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from channels.crew import Crew
from channels.model import Channel, Outcome, PastAttempt, Post, Settled


@dataclass(frozen=True)
class Pace:
    """A provider's rate limit, shared by all workers: `per_s` messages a second, at most `burst` at once."""

    per_s: float
    burst: int


class Adapter(Protocol):
    """One channel's way to its vendor. All that it knows of the world comes through its constructor."""

    channel: Channel
    provider: str
    """The name under which the rate limit is shared."""
    pace: Pace | None
    """None where the provider sets no limit."""

    def crew(self) -> Crew:
        """Return fresh hands that call `hand_over` for many posts at once; a worker's lane opens and closes them."""
        ...

    def hand_over(self, post: Post) -> Outcome:
        """Hand one post to the vendor and say what came of it. Never raises for what a vendor may do."""
        ...

    def settle(self, attempts: Sequence[PastAttempt]) -> dict[str, Settled]:
        """Ask the vendor what became of attempts, by attempt id; an id left out is unproven."""
        ...
