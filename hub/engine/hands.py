from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Stop = Callable[[], bool]


def nothing_kept() -> None:
    """Let nothing go."""


@dataclass(frozen=True)
class Hand:
    """One kind of work: the bell that calls for it, and what does all of it that is due.

    `work` returns how much it did. It may be called at any time, by any number of processes, but by one thread of
    each. `close` lets go what is kept from one call to the next.
    """

    bell: str
    work: Callable[[Stop], int]
    close: Callable[[], None] = nothing_kept


def never() -> bool:
    """Tell that there is no reason to stop."""
    return False


def work_once(hands: Sequence[Hand]) -> int:
    """Let every hand do what is due until none finds anything; return how much was done."""
    total = 0
    while done := sum(hand.work(never) for hand in hands):
        total += done
    for hand in hands:
        hand.close()
    return total
