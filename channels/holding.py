from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from channels.tables import MessageRow
from kernel.work import Work
from people.queries import contact_facts, persons_by_address


def take_turn(work: Work, channel: str, addresses: Iterable[str]) -> None:
    """Wait until nobody else settles what went to these addresses; on SQLite there is one writer anyway.

    To be called before any message is locked: whoever holds a message and then waits for a turn could wait for ever.
    """
    if work.session.get_bind().dialect.name == "postgresql":
        for address in sorted(set(addresses)):
            whose = f"vendor {channel} {address}"
            work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(whose, 0))))


def holder_of(session: Session, channel: str, address: str, vendor_id: str, *, but: str) -> str | None:
    """Return the id of the message, other than `but`, that stands for one of the vendor's to an address.

    Attempts with the same words are told apart by their count alone, so that a twin may stand for what the vendor
    knows under another attempt. The books go before the label: one message of the vendor's is one of ours.
    """
    owners = sorted(owner.id for owner in persons_by_address(session, channel, address))
    found = select(MessageRow.id).where(
        MessageRow.channel == channel,
        MessageRow.vendor_id == vendor_id,
        MessageRow.id != but,
        or_(MessageRow.person_id.in_(owners), MessageRow.person_id.is_(None)),
    )
    return session.scalars(found.limit(1)).first()


def address_of(session: Session, contact_point_id: str | None) -> str:
    """Return the address of a contact point, "" where there is none."""
    points = contact_facts(session, [], [contact_point_id]).points if contact_point_id else []
    return points[0].address if points else ""
