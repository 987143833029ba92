from __future__ import annotations

import time
from functools import partial

from channels.crew import Done, HandOver, hand_over_or_find_out_later
from channels.model import Post
from channels.sms.loop import CurlLoop


class CurlCrew:
    """Hands that share one thread: each post is handed over in plain blocking code, all transfers run side by side."""

    def __init__(self, hand_over: HandOver, width: int) -> None:
        self.width = width
        self._hand_over = hand_over
        self._loop = CurlLoop(width)
        self._done: list[Done] = []

    def submit(self, post: Post) -> None:
        """Begin to hand over a post: everything up to its transfer happens now."""
        self._loop.start(partial(self._run, post))

    def _run(self, post: Post) -> None:
        outcome = hand_over_or_find_out_later(self._hand_over, post)
        self._done.append((post, outcome))  # only now look up the list: while this waited, collect() has changed it

    def collect(self, timeout_s: float) -> list[Done]:
        """Return what is done, waiting up to `timeout_s` for the first of it."""
        until = time.monotonic() + timeout_s
        self._loop.turn(0 if self._done else timeout_s)
        while not self._done and not self._loop.is_idle and (left := until - time.monotonic()) > 0:
            self._loop.turn(left)
        done, self._done = self._done, []
        return done

    def close(self) -> None:
        """Let the connections go; posts still under way are left to be settled."""
        self._loop.close()
