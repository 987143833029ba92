from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from channels.model import Reason, Status
from people.model import ContactPoint

WITHOUT_A_WAY: Mapping[Reason, Status] = MappingProxyType(
    {
        Reason.NO_CONTACT_POINT: Status.FAILED,
        Reason.OPTED_OUT: Status.CANCELLED,
        Reason.NO_CONSENT: Status.CANCELLED,
    }
)
"""What becomes of a message for which `choose` finds no contact point, by the reason that it gives."""


@dataclass(frozen=True)
class Wish:
    """What a message asks of its way.

    Unasked ones need consent; a pinned one has only its own contact point or channel; what was `tried` in vain is
    not tried again.
    """

    solicited: bool
    channel: str | None = None
    contact_point_id: str | None = None
    tried: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reach:
    """How a person can be reached: contact points, the preferred one first, and the channels with consent."""

    points: Sequence[ContactPoint]
    consented: frozenset[str]


def choose(wish: Wish, reach: Reach) -> ContactPoint | Reason:
    """Return the first contact point that this message may use, or why there is none.

    One that has not proved to be its owner's gets nothing but what was asked for and is pinned to it: its code. A
    contact point that said STOP is passed over, and where all have said it there is no way; only what was asked
    for and is pinned to that very one, such as a reply, still goes there (V12).
    """
    if wish.contact_point_id is not None:
        return _pinned(wish, reach)
    points = [point for point in reach.points if wish.channel in (None, point.channel)]
    proved = [point for point in points if point.verified_at is not None]
    working = [point for point in proved if point.failed_at is None and point.id not in wish.tried]
    if not working:
        return Reason.NO_CONTACT_POINT
    open_points = [point for point in working if point.opted_out_at is None]
    if not open_points:
        return Reason.OPTED_OUT
    if wish.solicited:
        return open_points[0]
    consented = [point for point in open_points if point.channel in reach.consented]
    return consented[0] if consented else Reason.NO_CONSENT


def _pinned(wish: Wish, reach: Reach) -> ContactPoint | Reason:
    point = next((point for point in reach.points if point.id == wish.contact_point_id), None)
    if point is None or point.id in wish.tried:
        return Reason.NO_CONTACT_POINT
    if wish.solicited:
        return point
    if point.verified_at is None:
        return Reason.NO_CONTACT_POINT
    return point if point.opted_out_at is None else Reason.OPTED_OUT
