from __future__ import annotations

import queue
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from channels.model import Outcome, Post

HandOver = Callable[[Post], Outcome]
Done = tuple[Post, Outcome]


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
        self._done: queue.SimpleQueue[Done | BaseException] = queue.SimpleQueue()

    def submit(self, post: Post) -> None:
        """Begin to hand over a post on a free thread."""
        self._threads.submit(self._run, post)

    def _run(self, post: Post) -> None:
        try:
            self._done.put((post, self._hand_over(post)))
        except BaseException as error:  # noqa: BLE001 - carried to the lane's own thread, which raises it
            self._done.put(error)

    def collect(self, timeout_s: float) -> list[Done]:
        """Return what is done; raises what a hand-over raised."""
        done: list[Done] = []
        try:
            found = self._done.get(timeout=timeout_s)
            while True:
                if isinstance(found, BaseException):
                    raise found
                done.append(found)
                found = self._done.get_nowait()
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
        self._done.append((post, self._hand_over(post)))

    def collect(self, timeout_s: float) -> list[Done]:  # noqa: ARG002 - nothing is ever under way
        """Return what is done."""
        done, self._done = self._done, []
        return done

    def close(self) -> None:
        """Nothing to let go."""
