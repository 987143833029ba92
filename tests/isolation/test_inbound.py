"""Whatever comes in from outside, a press or an answer, reaches nothing of another council, provider or forum."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from channels.inbox.accept import Inbox
from channels.inbox.process import Processor
from channels.model import Arrival, Channel
from channels.tables import InboundRow, MessageRow
from hub.wiring import ACTIONS, HEARERS
from kernel.ids import new_id
from people.model import Role
from people.queries import contact_points
from tests.isolation.ids import IDS
from tests.isolation.walk import Walk


def _hear(walk: Walk, arrival: Arrival) -> InboundRow:
    inbox = Inbox(walk.house.ground)
    inbox.accept(arrival)
    inbox.close()
    Processor(walk.house.ground, HEARERS).drain()
    with walk.house.ground.read() as session:
        return session.scalars(select(InboundRow).order_by(InboundRow.seq.desc()).limit(1)).one()


def _address(walk: Walk, role: Role, channel: Channel) -> str:
    with walk.house.ground.read() as session:
        points = contact_points(session, walk.half.people[role].id)
    return next(point.address for point in points if point.channel == channel)


def _answers_since(walk: Walk, seq: int) -> list[str]:
    with walk.house.ground.read() as session:
        return [str(row.values) for row in session.scalars(select(MessageRow).where(MessageRow.seq > seq))]


def _last_message(walk: Walk) -> int:
    with walk.house.ground.read() as session:
        return session.scalars(select(MessageRow.seq).order_by(MessageRow.seq.desc()).limit(1)).one()


@pytest.mark.parametrize("action", sorted(ACTIONS))
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.WEB])
def test_no_button_or_form_reaches_anothers_row(walk: Walk, action: str, channel: Channel) -> None:
    before, last = walk.rows_of_others(), _last_message(walk)
    for role in (Role.QA_OFFICER, Role.COMMISSIONER, Role.PROVIDER_USER):
        sender = _address(walk, role, channel)
        for argument in IDS:
            for theirs in walk.ids(walk.others, argument):
                values = {"value": theirs, "day": "2026-12-10", "reason": "No."}
                heard = _hear(walk, Arrival(channel, new_id(), sender, "", action=action, values=values))
                assert heard.state == "answered", heard.detail
    assert walk.rows_of_others().keys() == before.keys()
    changed = {name for name, rows in walk.rows_of_others().items() if rows != before[name]}
    assert changed <= {"inbound"}, "only what was pressed itself names the others' ids"
    assert not any(walk.others.mark in answer for answer in _answers_since(walk, last))


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.EMAIL])
def test_an_answer_to_anothers_message_stays_the_writers_own(walk: Walk, channel: Channel) -> None:
    """What an email or a text says it answers is believed only of one's own messages."""
    before, last = walk.rows_of_others(), _last_message(walk)
    role = Role.QA_OFFICER if channel is Channel.EMAIL else Role.FAMILY
    sender = _address(walk, role, channel)
    for theirs in walk.ids(walk.others, "message_id"):
        _hear(walk, Arrival(channel, new_id(), sender, "4", thread=theirs))
    changed = {name for name, rows in walk.rows_of_others().items() if rows != before[name]}
    assert changed <= {"inbound"}
    assert not any(walk.others.mark in answer for answer in _answers_since(walk, last))
