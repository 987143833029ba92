from __future__ import annotations

from channels.model import Status

_S = Status
FORWARD: dict[Status, frozenset[Status]] = {
    _S.QUEUED: frozenset({_S.HELD, _S.HANDING_OVER, _S.FAILED, _S.CANCELLED, _S.EXPIRED}),
    _S.HELD: frozenset({_S.QUEUED, _S.HANDING_OVER, _S.FAILED, _S.CANCELLED, _S.EXPIRED}),
    _S.HANDING_OVER: frozenset({_S.QUEUED, _S.HELD, _S.UNKNOWN, _S.SENT, _S.DELIVERED, _S.FAILED}),
    _S.UNKNOWN: frozenset({_S.QUEUED, _S.HELD, _S.SENT, _S.DELIVERED, _S.FAILED}),
    _S.SENT: frozenset({_S.QUEUED, _S.DELIVERED, _S.FAILED}),
    _S.DELIVERED: frozenset(),
    _S.FAILED: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.EXPIRED: frozenset(),
}
"""From each status, where a message may go. It goes back to waiting only when an attempt is over: proven unsent,
repeated by its policy, or refused so that the next contact point is tried."""

IN_HAND = (Status.HANDING_OVER, Status.UNKNOWN)
WAITING = (Status.QUEUED, Status.HELD)


def may_follow(old: Status, new: Status) -> bool:
    """Tell whether a message may go from one status to the other."""
    return new in FORWARD[old]


def report_counts(old: Status, new: Status, attempt: int, *, elsewhere: int, attempts: int) -> bool:
    """Tell whether a report that `attempt` is sent, delivered or failed moves its message.

    Reports come late, twice and out of order. `attempts` have been made, `elsewhere` of them at contact points that
    failed for good: what is said of those is over, and so is a failure that another attempt has followed. That an
    attempt went out counts also while its message waits to be sent again, for then it need not.
    """
    if not elsewhere < attempt <= attempts:
        return False
    if new is Status.FAILED:
        return attempt == attempts and may_follow(old, new)
    return old in WAITING or may_follow(old, new)
