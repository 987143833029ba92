from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from hub.engine.hands import Hand
from kernel.doorbell import LocalDoorbell

log = logging.getLogger(__name__)

_AFTER_A_FAILURE_S = 5.0


class EmbeddedWorker:
    """All the work in threads of this process: the embedded engine.

    Each hand has a thread, woken by its bell and, for lost bells, by the sweep every `sweep_s` seconds.
    """

    def __init__(self, hands: Sequence[Hand], bell: LocalDoorbell, sweep_s: float) -> None:
        self._bell = bell
        self._sweep_s = sweep_s
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(hand,), name=f"hand-{hand.bell}", daemon=True) for hand in hands
        ]
        self._bells = [hand.bell for hand in hands]

    def start(self) -> None:
        """Start every hand."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let every hand finish what it has under way, then stop."""
        self._stopping.set()
        for bell in self._bells:
            self._bell.ring(bell)
        for thread in self._threads:
            thread.join()

    def _run(self, hand: Hand) -> None:
        heard = 0
        while not self._stopping.is_set():
            try:
                hand.work(self._stopping.is_set)
            except Exception:  # the database or the vendor's line is down: log it, rest, go on
                log.exception("hand failed", extra={"hand": hand.bell})
                self._stopping.wait(_AFTER_A_FAILURE_S)
            heard = self._bell.wait(hand.bell, heard, self._sweep_s)
        hand.close()
