from __future__ import annotations

import select
import time
from collections import deque
from collections.abc import Callable

import pycurl
from greenlet import getcurrent, greenlet  # type: ignore[import-untyped]  # it has no types

_WATCH = {
    pycurl.POLL_IN: select.POLLIN,
    pycurl.POLL_OUT: select.POLLOUT,
    pycurl.POLL_INOUT: select.POLLIN | select.POLLOUT,
}
_BROKEN = select.POLLERR | select.POLLHUP | select.POLLNVAL


class _Hand(greenlet):  # type: ignore[misc]  # the same
    """One piece of plain blocking code; while its transfer is under way, the loop does other things."""

    def __init__(self, loop: CurlLoop, work: Callable[[], None]) -> None:
        super().__init__(work)
        self.loop = loop
        self.home = getcurrent()


def perform(handle: pycurl.Curl) -> None:
    """Run a transfer: beside others when called from within a loop, else alone in this thread.

    Raises pycurl.error with curl's code and words.
    """
    hand = getcurrent()
    if isinstance(hand, _Hand):
        hand.loop.run(hand, handle)
    else:
        handle.perform()


class CurlLoop:
    """Runs pieces of blocking code side by side in one thread, all their transfers over one libcurl multi handle.

    Connections are kept and shared, at most `width` of them. Used by one thread only.
    """

    def __init__(self, width: int) -> None:
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAX_TOTAL_CONNECTIONS, width)
        self._multi.setopt(pycurl.M_MAXCONNECTS, width)
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        self._poll = select.poll()
        self._timer_at: float | None = None
        self._waiting: dict[pycurl.Curl, _Hand] = {}
        self._ended: deque[tuple[_Hand, int, str]] = deque()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._waiting and not self._ended

    def start(self, work: Callable[[], None]) -> None:
        """Begin a piece of work; it runs until its first transfer. Raises what it raises."""
        _Hand(self, work).switch()

    def run(self, hand: _Hand, handle: pycurl.Curl) -> None:
        """Run a transfer for a hand of this loop; returns in that hand once the transfer has ended."""
        self._multi.add_handle(handle)
        self._waiting[handle] = hand
        code, words = hand.home.switch()
        if code:
            raise pycurl.error(code, words)

    def turn(self, timeout_s: float) -> None:
        """Wait up to `timeout_s` for something to happen, then carry on every piece whose transfer has ended.

        Raises what a piece raises; the others are carried on by the next turn.
        """
        if not self._ended:
            self._move(timeout_s)
        while self._ended:
            hand, code, words = self._ended.popleft()
            hand.switch((code, words))

    def _move(self, timeout_s: float) -> None:
        if self._timer_at is not None:
            timeout_s = min(timeout_s, max(0.0, self._timer_at - time.monotonic()))
        for socket, events in self._poll.poll(timeout_s * 1000):
            told = 0
            if events & (select.POLLIN | _BROKEN):
                told |= pycurl.CSELECT_IN
            if events & select.POLLOUT:
                told |= pycurl.CSELECT_OUT
            self._multi.socket_action(socket, told)
        if self._timer_at is not None and self._timer_at <= time.monotonic():
            self._timer_at = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        self._gather()

    def _gather(self) -> None:
        left = 1
        while left:
            left, good, bad = self._multi.info_read()
            for handle in good:
                self._end(handle, 0, "")
            for handle, code, words in bad:
                self._end(handle, code, words)

    def _end(self, handle: pycurl.Curl, code: int, words: str) -> None:
        self._multi.remove_handle(handle)
        self._ended.append((self._waiting.pop(handle), code, words))

    def _watch(self, what: int, socket: int, _multi: object, _data: object) -> None:
        if what == pycurl.POLL_REMOVE:
            self._poll.unregister(socket)
        else:
            self._poll.register(socket, _WATCH[what])

    def _set_timer(self, timeout_ms: int) -> None:
        self._timer_at = None if timeout_ms < 0 else time.monotonic() + timeout_ms / 1000

    def close(self) -> None:
        """Let the connections go; pieces still under way end where they stand, with GreenletExit."""
        for handle, hand in list(self._waiting.items()):
            self._multi.remove_handle(handle)
            hand.throw()
        self._waiting.clear()
        self._ended.clear()
        self._multi.close()
