from __future__ import annotations

import threading
from collections import Counter
from typing import Protocol


class Doorbell(Protocol):
    """Tells workers that there is work. It may get lost or ring twice: the database is the truth."""

    def ring(self, name: str) -> None:
        """Wake whoever does the work called `name`."""
        ...


class NoDoorbell:
    """Rings nowhere: the sweep finds the work."""

    def ring(self, name: str) -> None:
        """Do nothing."""


class LocalDoorbell:
    """Wakes threads of this process: the embedded engine's bell. Each listener hears every ring."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rings: Counter[str] = Counter()

    def ring(self, name: str) -> None:
        """Wake every thread that waits for `name`, now or when it next waits."""
        with self._changed:
            self._rings[name] += 1
            self._changed.notify_all()

    def wait(self, name: str, heard: int, timeout_s: float) -> int:
        """Wait until `name` has rung more often than `heard` or the time is out; return how often it has rung."""
        with self._changed:
            self._changed.wait_for(lambda: self._rings[name] > heard, timeout_s)
            return self._rings[name]
