"""What tests of answers share: somebody writes or presses, and what then stands in the inbox and goes out."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from channels.inbox.accept import Inbox
from channels.inbox.process import Processor
from channels.model import Arrival, Channel
from channels.tables import InboundRow, MessageRow
from hub.wiring import HEARERS
from kernel.ids import new_id
from people.model import Actor
from people.queries import contact_points
from referrals.tables import ResponseRow
from tests.referrals.world import World


@dataclass(frozen=True)
class Kept:
    """What the inbox keeps of something that came in, and the keys of the messages that answer it."""

    body: str
    values: dict[str, str]
    state: str
    detail: str
    told: list[str]


def write(world: World, person: Actor, text: str, action: str | None = None, **values: str) -> Kept:
    """Let somebody write or press something on their own channel, and let it be heard."""
    with world.ground.read() as session:
        point = contact_points(session, person.id)[0]
        before = set(session.scalars(select(MessageRow.id)))
    inbox = Inbox(world.ground)
    inbox.accept(Arrival(Channel(point.channel), new_id(), point.address, text, action=action, values=values))
    inbox.close()
    Processor(world.ground, HEARERS).drain()
    with world.ground.read() as session:
        row = session.scalars(select(InboundRow).order_by(InboundRow.seq.desc()).limit(1)).one()
        told = session.scalars(select(MessageRow).order_by(MessageRow.seq)).all()
        keys = [each.key for each in told if each.id not in before and each.person_id == person.id]
        return Kept(row.body, dict(row.values), row.state, row.detail or "", keys)


def responses(world: World) -> list[ResponseRow]:
    """Return all answers that came in time."""
    with world.ground.read() as session:
        return list(session.scalars(select(ResponseRow).order_by(ResponseRow.received_at, ResponseRow.number)))


def reference(world: World, referral_id: str) -> str:
    """Return the reference of a referral."""
    return str(_alerted(world, referral_id)["reference"])


def area(world: World, referral_id: str) -> str:
    """Return the council, or the area that stands in its place, as the alert names it (R33)."""
    return str(_alerted(world, referral_id)["council"])


def _alerted(world: World, referral_id: str) -> dict[str, object]:
    with world.ground.read() as session:
        rows = select(MessageRow).where(MessageRow.about_id == referral_id, MessageRow.key == "referrals.alert")
        found = session.scalars(rows).first()
    assert found is not None
    return dict(found.values)
