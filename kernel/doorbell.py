from __future__ import annotations

import threading
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
    """Wakes threads of this process: the embedded engine's bell."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rung: set[str] = set()

    def ring(self, name: str) -> None:
        """Wake the thread that waits for `name`, now or when it next waits."""
        with self._changed:
            self._rung.add(name)
            self._changed.notify_all()

    def wait(self, name: str, timeout_s: float) -> bool:
        """Wait until `name` is rung or the time is out; tell whether it was rung."""
        with self._changed:
            rung = self._changed.wait_for(lambda: name in self._rung, timeout_s)
            self._rung.discard(name)
            return rung
