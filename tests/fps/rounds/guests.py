"""Who comes to a round in tests, and what they were sent."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import select

from channels.tables import MessageRow
from fps.actions.rounds.find_contact import Door
from fps.actions.rounds.take_part import (
    Newcomer,
    register_interest,
)
from fps.rules.round_sessions import SessionTerms
from fps.tables.rounds import RoundContactRow
from kernel.calendar import at_london
from kernel.work import Ground
from people.actions.issue_grant import token_of
from tests.fps.world import World

WHO = Newcomer("Shoreline Learning", "Sam Newcomer", "sam@example.org")
WORKSHOP = SessionTerms(
    "Meet the commissioners",
    at_london(date(2026, 12, 2), time(10)),
    at_london(date(2026, 12, 2), time(12)),
    "Sandbach Library",
    "https://meet.example.org/rounds",
    2,
)


def sent(ground: Ground, key: str) -> list[MessageRow]:
    with ground.read() as session:
        return list(session.scalars(select(MessageRow).where(MessageRow.key == key).order_by(MessageRow.queued_at)))


def link_of(ground: Ground) -> str:
    """Return the token of the only newcomer's link."""
    with ground.read() as session:
        grant_id = session.scalars(
            select(RoundContactRow.grant_id).where(RoundContactRow.contact_point_id.is_not(None))
        ).one()
    return token_of(ground.keys, grant_id or "")


def join(ground: Ground, world: World, round_id: str, number: int) -> Door:
    door = Door(round_id, actor=world.providers[number][1])
    with ground.work() as work:
        register_interest(work, door)
    return door
