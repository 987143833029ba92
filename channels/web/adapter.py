from __future__ import annotations

from collections.abc import Sequence

from channels.adapter import Pace
from channels.crew import Crew, InlineCrew
from channels.model import Channel, Outcome, OutcomeKind, PastAttempt, Post, Settled, Settlement


class WebAdapter:
    """The inbox on our own pages. The message row is itself what the person reads, so it arrives by being sent."""

    channel = Channel.WEB
    provider = "web"
    pace: Pace | None = None

    def crew(self) -> Crew:
        """Return hands that are done at once."""
        return InlineCrew(self.hand_over)

    def hand_over(self, post: Post) -> Outcome:
        """Say that it is sent; the address is the person's id."""
        return Outcome(OutcomeKind.SENT, vendor_id=_vendor_id(post.message_id))

    def settle(self, attempts: Sequence[PastAttempt]) -> dict[str, Settled]:
        """Say of each that it is sent: there is no vendor to which a second one could go."""
        return {
            attempt.attempt_id: Settled(Settlement.PROVEN_SENT, _vendor_id(attempt.message_id)) for attempt in attempts
        }


def _vendor_id(message_id: str) -> str:
    return f"web:{message_id}"
