from __future__ import annotations

import logging
import queue
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from channels.model import Outcome, OutcomeKind, Post

log = logging.getLogger(__name__)

HandOver = Callable[[Post], Outcome]
Done = tuple[Post, Outcome]


def hand_over_or_find_out_later(hand_over: HandOver, post: Post) -> Outcome:
    """Hand a post over. Should the adapter itself fail over it, nobody knows what came of it: it is settled later.

    One such post must not cost the others their outcomes.
    """
    try:
        return hand_over(post)
    except Exception as error:
        log.exception("adapter failed", extra={"attempt_id": post.attempt_id})
        return lost_over(error)


def lost_over(error: Exception) -> Outcome:
    """Return the outcome of a post over which an adapter failed; its history tells the kind of failure, no words."""
    return Outcome(OutcomeKind.UNKNOWN, detail=f"the adapter failed: {type(error).__name__}")


class Crew(Protocol):
    """Hands that send many posts at once. Used by one thread only, which submits and collects."""

    width: int
    """How many posts may be under way at once."""

    def submit(self, post: Post) -> None:
        """Begin to hand over a post."""
        ...

    def collect(self, timeout_s: float) -> list[Done]:
        """Return what is done since the last call, waiting up to `timeout_s` for the first of it."""
        ...

    def close(self) -> None:
        """Let connections and threads go; what is still under way is left to settle later."""
        ...


class ThreadCrew:
    """A crew of plain threads, for vendors whose client blocks: SMTP, Slack."""

    def __init__(self, hand_over: HandOver, width: int, name: str) -> None:
        self.width = width
        self._hand_over = hand_over
        self._threads = ThreadPoolExecutor(width, thread_name_prefix=name)
        self._done: queue.SimpleQueue[Done] = queue.SimpleQueue()

    def submit(self, post: Post) -> None:
        """Begin to hand over a post on a free thread."""
        self._threads.submit(self._run, post)

    def _run(self, post: Post) -> None:
        outcome = Outcome(OutcomeKind.UNKNOWN, detail="the thread ended")
        try:
            outcome = hand_over_or_find_out_later(self._hand_over, post)
        finally:
            self._done.put((post, outcome))

    def collect(self, timeout_s: float) -> list[Done]:
        """Return what is done, waiting up to `timeout_s` for the first of it."""
        done: list[Done] = []
        try:
            done.append(self._done.get(timeout=timeout_s))
            while True:
                done.append(self._done.get_nowait())
        except queue.Empty:
            return done

    def close(self) -> None:
        """Wait for the threads and let them go."""
        self._threads.shutdown(wait=True, cancel_futures=True)


class InlineCrew:
    """Hands that work at once in the calling thread: for adapters that only write to our own database."""

    def __init__(self, hand_over: HandOver, width: int = 50) -> None:
        self.width = width
        self._hand_over = hand_over
        self._done: list[Done] = []

    def submit(self, post: Post) -> None:
        """Hand the post over now."""
        self._done.append((post, hand_over_or_find_out_later(self._hand_over, post)))

    def collect(self, timeout_s: float) -> list[Done]:  # noqa: ARG002 - nothing is ever under way
        """Return what is done."""
        done, self._done = self._done, []
        return done

    def close(self) -> None:
        """Nothing to let go."""
