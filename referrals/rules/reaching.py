from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.model import Send, Status
from kernel.calendar import add_working_days, london_date
from referrals.model import Terms
from referrals.rules.changing import earliest_after_change
from referrals.rules.deadlines import deadline_on

PATIENCE = timedelta(minutes=10)
"""How long a message may wait before its reader counts as not reached: with a look every five minutes, the owner
hears within 15 (R12)."""
_BEFORE_DEADLINE = timedelta(minutes=15)
REACHED = frozenset({Status.SENT, Status.DELIVERED})
_OVER = frozenset({Status.FAILED, Status.CANCELLED, Status.EXPIRED})


@dataclass(frozen=True)
class Told:
    """What became of telling people of a version: by person, whether reached and whether it may still happen."""

    reached: frozenset[str]
    waiting: frozenset[str]


def told(sends: Iterable[Send], release_at: datetime, now: datetime) -> Told:
    """Return who has been reached, and who may still be, of the messages of one version in their order.

    The newest message to a person decides: an alert that came says nothing of the answer that did not (R11).
    """
    reached, waiting = set(), set()
    newest = {str(send.person_id): send for send in sends}
    for person_id, send in newest.items():
        if send.status in REACHED:
            reached.add(person_id)
        elif send.status not in _OVER and now <= max(send.queued_at, release_at) + PATIENCE:
            waiting.add(person_id)
    return Told(frozenset(reached), frozenset(waiting))


def unreached(
    heard_by: Mapping[str, Collection[str]], people: Collection[str], has_come: Collection[str]
) -> frozenset[str]:
    """Return the recipients for whom none of these people hears (R12).

    `has_come` are those who have been on the referral's pages since: whoever answers or confirms has been reached.
    """
    return frozenset(
        recipient_id
        for recipient_id, heard in heard_by.items()
        if recipient_id not in has_come and not set(people) & set(heard)
    )


def repair_by(found_at: datetime, deadline_at: datetime, terms: Terms) -> datetime:
    """Return until when an alarm can be put right before the deadline moves: in time to move it at all (R12)."""
    return min(found_at + timedelta(hours=terms.repair_h), deadline_at - _BEFORE_DEADLINE)


def later_deadline(deadline_at: datetime, terms: Terms, now: datetime) -> datetime:
    """Return the deadline that all get where one was not reached: a working day more, and time to read it (R12)."""
    day_more = deadline_on(add_working_days(london_date(deadline_at), 1), terms)
    return max(day_more, earliest_after_change(now, terms))
