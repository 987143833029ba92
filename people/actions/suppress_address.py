from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from kernel.sealing import digests
from kernel.work import Work
from people.tables import ContactPointRow, SuppressionRow

_PURPOSE = "suppressed"


def _digests(session: Session, channel: str, address: str) -> list[str]:
    return digests(session, f"{_PURPOSE}:{channel}:{address}")


def suppress_addresses(work: Work, person_id: str) -> int:
    """Remember the addresses at which a person said STOP, before they are erased; return how many.

    Only a keyed digest is kept: it finds the address again and gives it away to nobody (V12). It cannot be made
    again under a new key, so that data keys stay on the ring for good (docs/operations.md).
    """
    theirs = select(ContactPointRow.id).where(ContactPointRow.person_id == person_id)
    return suppress_contact_points(work.session, work.session.scalars(theirs).all())


def suppress_contact_points(session: Session, ids: Sequence[str]) -> int:
    """Remember which of these contact points are closed, before their addresses go; return how many.

    Only of those that proved to be their owner's: nobody else says STOP for an address.
    """
    row = ContactPointRow
    closed = select(row).where(row.id.in_(ids), row.opted_out_at.is_not(None), row.verified_at.is_not(None))
    points = session.scalars(closed).all()
    for point in points:
        if point.opted_out_at is not None:
            suppress(session, point.channel, point.address, point.opted_out_at)
    return len(points)


def suppress(session: Session, channel: str, address: str, since: datetime) -> None:
    """Remember that STOP was said at an address, whatever becomes of the contact point; twice does no harm."""
    if session.scalars(_kept(session, channel, address)).first() is None:
        session.add(SuppressionRow(digest=_digests(session, channel, address)[0], since=since))
        session.flush()


def stopped_since(work: Work, channel: str, address: str) -> datetime | None:
    """Return when an owner of this address said STOP, or None; it is given as contact points keep it (V12).

    An owner is who proved it, also one erased since. Who only typed it in says nothing for it.
    """
    said = select(func.max(ContactPointRow.opted_out_at)).where(
        ContactPointRow.channel == channel,
        ContactPointRow.address_digest.in_(digests(work.session, address)),
        ContactPointRow.verified_at.is_not(None),
    )
    return work.session.scalar(said) or suppressed_since(work, channel, address)


def suppressed_since(work: Work, channel: str, address: str) -> datetime | None:
    """Return when somebody since erased said STOP at this address, or None; it is given as contact points keep it."""
    row = work.session.scalars(_kept(work.session, channel, address)).first()
    return row.since if row else None


def lift_suppression(work: Work, channel: str, address: str) -> None:
    """Forget the STOP of somebody erased: whoever holds the address now has sent START."""
    for row in work.session.scalars(_kept(work.session, channel, address)):
        work.session.delete(row)


def _kept(session: Session, channel: str, address: str) -> Select[SuppressionRow]:
    return select(SuppressionRow).where(SuppressionRow.digest.in_(_digests(session, channel, address)))
