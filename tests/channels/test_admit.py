"""A press by somebody who may not changes nothing, on any channel, is answered politely and kept in the log."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from channels.inbox.accept import Inbox
from channels.inbox.process import Processor
from channels.model import Arrival, Channel
from channels.tables import InboundRow, MessageRow, QueueItemRow
from hub.wiring import HEARERS
from kernel.ids import new_id
from kernel.tables import AuditRow
from kernel.work import Ground
from people.actions.register_person import NewPerson, register_person
from people.model import Role
from people.tables import RoleRow
from qa_visits.tables import VisitRow
from tests.qa_visits.world import World, build, propose


@pytest.fixture
def world(ground: Ground) -> World:
    return build(ground)


def _press(ground: Ground, channel: Channel, sender: str, action: str, **values: str) -> str:
    """Press a button and let it be heard; return how that ended."""
    inbox = Inbox(ground)
    inbox.accept(Arrival(channel, new_id(), sender, "", action=action, values=values))
    inbox.close()
    Processor(ground, HEARERS).drain()
    with ground.read() as session:
        return session.scalars(select(InboundRow).order_by(InboundRow.seq.desc()).limit(1)).one().detail or ""


def _state(ground: Ground, visit_id: str) -> str:
    with ground.read() as session:
        return session.get_one(VisitRow, visit_id).state


def _told(ground: Ground, person_id: str) -> list[str]:
    with ground.read() as session:
        return list(session.scalars(select(MessageRow.key).where(MessageRow.person_id == person_id)))


@pytest.mark.parametrize("action", ["qa_visits.accept", "qa_visits.decline", "qa_visits.offer_day"])
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS, Channel.SLACK, Channel.WEB])
def test_a_press_by_somebody_without_the_permission_is_refused(
    ground: Ground, world: World, channel: Channel, action: str
) -> None:
    visit_id = propose(ground, world)
    address = {Channel.SMS: "+447700900655", Channel.SLACK: "U0PATSY1"}.get(channel, "patsy@example.org")
    new = NewPerson("Patsy Poole", roles=((Role.PROVIDER_USER, world.provider),), contact_points=((channel, address),))
    with ground.work() as work:
        person_id = register_person(work, new)
    assert _press(ground, channel, address, action, value=visit_id, day="2026-12-15") == "not allowed: visits.plan"
    assert _state(ground, visit_id) == "proposed"
    assert "channels.not_allowed" in _told(ground, person_id)
    with ground.read() as session:
        (line,) = session.scalars(select(AuditRow).where(AuditRow.action == "channels.refuse_press"))
    assert line.actor == person_id
    assert action in line.details
    assert visit_id not in line.details


def test_a_press_by_an_officer_whose_role_has_ended_is_refused(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)
    with ground.work() as work:
        work.session.execute(delete(RoleRow).where(RoleRow.person_id == world.officer.id))
    assert _press(ground, Channel.SLACK, "U0QUINN1", "qa_visits.accept", value=visit_id) == "not allowed: visits.plan"
    assert _state(ground, visit_id) == "proposed"


def test_a_press_by_a_stranger_is_refused(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)
    assert _press(ground, Channel.SLACK, "U0NOBODY", "qa_visits.accept", value=visit_id) == "not allowed: visits.plan"
    assert _state(ground, visit_id) == "proposed"


def test_a_press_by_whoever_may_is_heard(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)
    assert _press(ground, Channel.SLACK, "U0QUINN1", "qa_visits.accept", value=visit_id) == "qa_visits.booked_officer"
    assert _state(ground, visit_id) == "booked"


def test_a_press_that_nobody_declared_reaches_a_person_and_no_room(ground: Ground, world: World) -> None:
    assert _press(ground, Channel.SLACK, "U0QUINN1", "qa_visits.abolish", value="x") == "questions"
    with ground.read() as session:
        assert session.scalars(select(QueueItemRow.person_id)).one() == world.officer.id


def test_worrying_words_in_a_form_are_heard_before_anybody_is_refused(ground: Ground, world: World) -> None:
    visit_id = propose(ground, world)
    words = "I want to kill myself"
    address = "petra@example.org"
    assert _press(ground, Channel.EMAIL, address, "qa_visits.decline", value=visit_id, reason=words) == "safeguarding"
