from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from sqlalchemy import select

from kernel.keys import Keys
from kernel.work import Work
from people.tables import ContactPointRow, SuppressionRow

_PURPOSE = "people.suppressed"


def _digest(keys: Keys, channel: str, address: str) -> str:
    return hmac.digest(keys.derive(_PURPOSE), f"{channel}:{address}".encode(), hashlib.sha256).hex()


def suppress_addresses(work: Work, person_id: str) -> int:
    """Remember the addresses at which a person said STOP, before they are erased; return how many.

    Only a keyed digest is kept: it finds the address again and gives it away to nobody (V12).
    """
    closed = select(ContactPointRow).where(
        ContactPointRow.person_id == person_id, ContactPointRow.opted_out_at.is_not(None)
    )
    points = work.session.scalars(closed).all()
    for point in points:
        digest = _digest(work.keys, point.channel, point.address)
        if work.session.get(SuppressionRow, digest) is None:
            work.session.add(SuppressionRow(digest=digest, since=point.opted_out_at or work.now))
    work.session.flush()
    return len(points)


def suppressed_since(work: Work, channel: str, address: str) -> datetime | None:
    """Return when somebody since erased said STOP at this address, or None; it is given as contact points keep it."""
    row = work.session.get(SuppressionRow, _digest(work.keys, channel, address))
    return row.since if row else None


def lift_suppression(work: Work, channel: str, address: str) -> None:
    """Forget the STOP of somebody erased: whoever holds the address now has sent START."""
    row = work.session.get(SuppressionRow, _digest(work.keys, channel, address))
    if row is not None:
        work.session.delete(row)
