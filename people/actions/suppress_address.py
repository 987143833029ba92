from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select

from kernel.sealing import digests
from kernel.work import Work
from people.tables import ContactPointRow, SuppressionRow

_PURPOSE = "suppressed"


def _digests(work: Work, channel: str, address: str) -> list[str]:
    return digests(work.session, f"{_PURPOSE}:{channel}:{address}")


def suppress_addresses(work: Work, person_id: str) -> int:
    """Remember the addresses at which a person said STOP, before they are erased; return how many.

    Only a keyed digest is kept: it finds the address again and gives it away to nobody (V12). It cannot be made
    again under a new key, so that data keys stay on the ring for good (docs/operations.md).
    """
    closed = select(ContactPointRow).where(
        ContactPointRow.person_id == person_id, ContactPointRow.opted_out_at.is_not(None)
    )
    points = work.session.scalars(closed).all()
    for point in points:
        if suppressed_since(work, point.channel, point.address) is None:
            digest = _digests(work, point.channel, point.address)[0]
            work.session.add(SuppressionRow(digest=digest, since=point.opted_out_at or work.now))
            work.session.flush()
    work.session.flush()
    return len(points)


def suppressed_since(work: Work, channel: str, address: str) -> datetime | None:
    """Return when somebody since erased said STOP at this address, or None; it is given as contact points keep it."""
    row = work.session.scalars(_kept(work, channel, address)).first()
    return row.since if row else None


def lift_suppression(work: Work, channel: str, address: str) -> None:
    """Forget the STOP of somebody erased: whoever holds the address now has sent START."""
    for row in work.session.scalars(_kept(work, channel, address)):
        work.session.delete(row)


def _kept(work: Work, channel: str, address: str) -> Select[SuppressionRow]:
    return select(SuppressionRow).where(SuppressionRow.digest.in_(_digests(work, channel, address)))
