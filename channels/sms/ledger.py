from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.orm import Session

from channels.model import Channel, Rendered, Status
from channels.render import Renderer
from channels.rules.segments import plain, segments
from channels.tables import IN_HAND, MessageRow
from channels.wording import Registry
from kernel.work import Ground
from people.queries import contact_facts, persons_by_address

_DEFAULT_LANGUAGE = "en"


def text_of(rendered: Rendered) -> str:
    """Return the text that goes out: with plain signs where that is all it takes to stay in the cheaper alphabet."""
    made_plain = plain(rendered.short)
    return made_plain if segments(made_plain).encoding == "GSM-7" else rendered.short


@dataclass(frozen=True)
class Known:
    """What we know ourselves while we settle: `bodies` of the messages asked about, by message id.

    `recorded` are the vendor's ids that our messages already have; `live_twins` the ids of those messages of
    which a worker may just be handing over a twin: the same text or kind of message to the same number. So is one whose
    earlier twin, with the same text, is not asked about though its outcome is open: somebody else may be settling it
    at this moment, and two who settle twins side by side would take one message for both.
    """

    bodies: Mapping[str, str]
    recorded: frozenset[str]
    live_twins: frozenset[str]


class Ledger(Protocol):
    """Our own side of the story, without which the vendor's list proves nothing."""

    def look_up(self, message_ids: Collection[str], vendor_ids: Collection[str]) -> Known:
        """Return what we know of these messages of ours and of these messages of the vendor's."""
        ...


@dataclass(frozen=True)
class MessageLedger:
    """The ledger that the outbox keeps."""

    ground: Ground
    registry: Registry
    renderer: Renderer

    def look_up(self, message_ids: Collection[str], vendor_ids: Collection[str]) -> Known:
        """Read it in the order that leaves no gap: who is still under way before what has arrived.

        PostgreSQL shows each statement the newest state. A twin that is recorded in between is then seen twice; the
        other way round it would be seen nowhere, and its message would be taken for another's.
        """
        columns = MessageRow.__table__.c
        with self.ground.read() as session:
            asked = session.execute(select(*columns).where(MessageRow.id.in_(message_ids))).all()
            to_them = and_(MessageRow.channel == Channel.SMS, _to_owners(session, asked))
            others = session.execute(select(*columns).where(IN_HAND, to_them, MessageRow.id.not_in(message_ids))).all()
            bodies = self._bodies(session, [*asked, *others])
            twins = _twins(session, asked, others, bodies, self.ground.clock.now())
            taken = select(MessageRow.vendor_id).where(to_them, MessageRow.vendor_id.in_(vendor_ids))
            recorded = frozenset(found for found in session.scalars(taken) if found) if vendor_ids else frozenset()
            return Known({row.id: bodies[row.id] for row in asked if row.id in bodies}, recorded, twins)

    def _bodies(self, session: Session, rows: Sequence[Row[Any]]) -> dict[str, str]:
        people = sorted({row.person_id for row in rows if row.person_id})
        languages = contact_facts(session, people, []).languages
        bodies = {}
        for row in rows:
            body = self._body(row, languages.get(row.person_id or "", _DEFAULT_LANGUAGE))
            if body is not None:
                bodies[row.id] = body
        return bodies

    def _body(self, row: Row[Any], language: str) -> str | None:
        try:
            return text_of(self.renderer.render(self.registry[row.key], row.values, language))
        except (KeyError, ValueError, IndexError):
            return None  # its wording has changed since: then only an empty list proves anything


def _to_owners(session: Session, asked: Sequence[Row[Any]]) -> ColumnElement[bool]:
    """Return what narrows our messages to those that went to the same numbers: few, however many there are in all."""
    points = contact_facts(session, [], sorted({row.contact_point_id for row in asked if row.contact_point_id})).points
    numbers = {point.address for point in points}
    owners = {owner.id for number in numbers for owner in persons_by_address(session, Channel.SMS, number)}
    return or_(MessageRow.person_id.in_(sorted(owners)), MessageRow.person_id.is_(None))


def _twins(
    session: Session, asked: Sequence[Row[Any]], others: Sequence[Row[Any]], bodies: Mapping[str, str], now: datetime
) -> frozenset[str]:
    points = sorted({row.contact_point_id for row in (*asked, *others) if row.contact_point_id})
    address = {point.id: point.address for point in contact_facts(session, [], points).points}

    def goes_first(other: Row[Any], row: Row[Any]) -> bool:
        if address.get(other.contact_point_id) != address.get(row.contact_point_id):
            return False
        is_alike = other.id in bodies and bodies[other.id] == bodies.get(row.id)
        if other.status == Status.HANDING_OVER and other.lease_until >= now:
            return is_alike or other.key == row.key or other.id not in bodies
        return other.seq < row.seq and is_alike

    return frozenset(row.id for row in asked if any(goes_first(other, row) for other in others))
