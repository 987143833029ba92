"""An adapter that keeps what it is handed and answers as told, for tests of delivery itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from channels.adapter import Pace
from channels.crew import Crew, InlineCrew
from channels.model import Channel, Outcome, OutcomeKind, PastAttempt, Post, Settled


class RecordingAdapter:
    def __init__(self, channel: Channel = Channel.SMS, pace: Pace | None = None) -> None:
        self.channel = channel
        self.provider = f"recording-{channel}"
        self.pace = pace
        self.posts: list[Post] = []
        self.answer: Callable[[Post], Outcome] = lambda post: Outcome(OutcomeKind.SENT, f"V-{post.attempt_id}")
        self.settlements: dict[str, Settled] = {}
        self.asked: list[PastAttempt] = []

    def crew(self) -> Crew:
        return InlineCrew(self.hand_over, width=10)

    def hand_over(self, post: Post) -> Outcome:
        self.posts.append(post)
        return self.answer(post)

    def settle(self, attempts: Sequence[PastAttempt]) -> dict[str, Settled]:
        self.asked += attempts
        return {
            attempt.attempt_id: self.settlements[attempt.attempt_id]
            for attempt in attempts
            if attempt.attempt_id in self.settlements
        }
