from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time. Everything that depends on time is handed one, so that tests and the demo can move it."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment at which the clock stands, in UTC."""
        return self._at

    def set(self, at: datetime) -> None:
        """Put the clock to `at`."""
        self._at = at.astimezone(UTC)

    def move(self, by: timedelta) -> None:
        """Move the clock by a span; a negative span moves it back."""
        self._at += by


class ShiftedClock:
    """Another clock, moved by a span that can change while it runs: the demo's clock."""

    def __init__(self, base: Clock) -> None:
        self._base = base
        self._shift = timedelta()

    @property
    def shift(self) -> timedelta:
        """How far ahead of its base this clock is."""
        return self._shift

    def now(self) -> datetime:
        """Return the base clock's moment plus the shift, in UTC."""
        return self._base.now() + self._shift

    def move(self, by: timedelta) -> None:
        """Move this clock further ahead of its base."""
        self._shift += by
