from __future__ import annotations

from typing import Protocol


class Meter(Protocol):
    """Takes readings for the operators' charts."""

    def read(self, name: str, label: str, value: float) -> None:
        """Take one reading of the measure `name`, told apart by `label` (a channel, say)."""
        ...


class NoMeter:
    """Takes no readings."""

    def read(self, name: str, label: str, value: float) -> None:
        """Do nothing."""
