from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Stop = Callable[[], bool]


@dataclass(frozen=True)
class Hand:
    """One kind of work: the bell that calls for it, and what does all of it that is due.

    `work` returns how much it did. It may be called at any time, by any number of processes.
    """

    bell: str
    work: Callable[[Stop], int]


def never() -> bool:
    """Tell that there is no reason to stop."""
    return False


def work_once(hands: Sequence[Hand]) -> int:
    """Let every hand do what is due until none finds anything; return how much was done."""
    total = 0
    while done := sum(hand.work(never) for hand in hands):
        total += done
    return total
