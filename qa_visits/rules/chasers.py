from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kernel.calendar import add_working_days, next_working_day


@dataclass(frozen=True)
class Chaser:
    """One reminder of an improvement action: `offset_wd` working days from its due date, on `day`."""

    offset_wd: int
    day: date


def chasers(due_on: date, offsets_wd: Sequence[int]) -> Iterator[Chaser]:
    """Yield the reminders of an action in order of their days (-10/-3/0/+1/+5 WD by default).

    A due date that is no working day counts from the next one.
    """
    anchor = next_working_day(due_on)
    return (Chaser(offset, add_working_days(anchor, offset)) for offset in sorted(offsets_wd))


def next_chaser(due_on: date, offsets_wd: Sequence[int], *, after: date) -> Chaser | None:
    """Return the first reminder later than the day `after`, or None when none is left.

    `after` is the day on which the owner last heard of the action, so that nobody is reminded on the day
    on which the action was given out or its evidence sent back.
    """
    return next((each for each in chasers(due_on, offsets_wd) if each.day > after), None)


def chaser_to_send(due_on: date, offsets_wd: Sequence[int], *, first: date, today: date) -> Chaser | None:
    """Return the one reminder to send today: the latest of those due from `first` until today.

    Days on which nothing ran leave several due at once; the older ones would say what no longer holds and
    are left out.
    """
    due = [each for each in chasers(due_on, offsets_wd) if first <= each.day <= today]
    return due[-1] if due else None
