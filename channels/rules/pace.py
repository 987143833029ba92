from __future__ import annotations

from dataclasses import dataclass
from math import floor

# seconds since 1970 are only exact to a fraction of a microsecond: without this a due turn could be missed forever
_EPSILON = 1e-4


@dataclass(frozen=True)
class Granted:
    """How many may go now, the pace's new `free_from` (epoch seconds), and how long until one more may go."""

    count: int
    free_from: float
    wait_s: float


def grant(wanted: int, free_from: float, now: float, per_s: float, burst: int) -> Granted:
    """Grant up to `wanted` messages at `per_s` a second with at most `burst` saved up.

    `free_from` is the moment at which the first of the burst was free; after a pause asked for by the vendor it
    lies in the future and nothing is granted until then.
    """
    earliest = max(free_from, now - burst / per_s)
    count = min(wanted, max(0, floor((now - earliest) * per_s + _EPSILON)))
    later = earliest + count / per_s
    return Granted(count, later, max(0.0, later + 1 / per_s - now))
