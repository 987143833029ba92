from __future__ import annotations

from channels.model import Status

_S = Status
FORWARD: dict[Status, frozenset[Status]] = {
    _S.QUEUED: frozenset({_S.HELD, _S.HANDING_OVER, _S.FAILED, _S.CANCELLED, _S.EXPIRED}),
    _S.HELD: frozenset({_S.QUEUED, _S.HANDING_OVER, _S.FAILED, _S.CANCELLED, _S.EXPIRED}),
    _S.HANDING_OVER: frozenset({_S.HELD, _S.UNKNOWN, _S.SENT, _S.DELIVERED, _S.FAILED}),
    _S.UNKNOWN: frozenset({_S.HELD, _S.SENT, _S.DELIVERED, _S.FAILED}),
    _S.SENT: frozenset({_S.DELIVERED, _S.FAILED}),
    _S.DELIVERED: frozenset(),
    _S.FAILED: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.EXPIRED: frozenset(),
}
"""From each status, where a message may go. It goes back to waiting only from an attempt that is proven unsent
or that its policy repeats; once the vendor has it, it can only be delivered or fail."""

IN_HAND = (Status.HANDING_OVER, Status.UNKNOWN)
WAITING = (Status.QUEUED, Status.HELD)


def may_follow(old: Status, new: Status) -> bool:
    """Tell whether a message may go from one status to the other."""
    return new in FORWARD[old]


def before(new: Status) -> tuple[Status, ...]:
    """Return the statuses from which a message may go to `new`: the guard of an update."""
    return tuple(old for old, allowed in FORWARD.items() if new in allowed)
