from __future__ import annotations

import pytest
from sqlalchemy import func, select

from fps.actions.rounds.ask_market import add_enquiry, reply
from fps.actions.rounds.book_place import book_place
from fps.actions.rounds.clarify import ask_question
from fps.actions.rounds.find_contact import Door
from fps.actions.rounds.plan_session import add_session
from fps.model.rounds import EnquiryKind
from fps.tables.rounds import RoundContactRow, RoundQuestionRow, RoundReplyRow, RoundSignUpRow
from hub.web.row_scope import scope_of
from kernel import scope
from kernel.clock import FixedClock
from kernel.database import Database
from kernel.work import Ground
from people.model import Actor
from tests.conftest import ground_on
from tests.fps.rounds.guests import WORKSHOP
from tests.fps.rounds_world import coming_round
from tests.fps.world import build_world

_HELD = (RoundContactRow, RoundQuestionRow, RoundReplyRow, RoundSignUpRow)


@pytest.fixture
def ground(postgres_database: Database, clock: FixedClock) -> Ground:
    return ground_on(postgres_database, clock)


def seen_by(ground: Ground, actor: Actor) -> list[int]:
    scope.enter(scope_of(actor))
    try:
        with ground.read() as session:
            return [session.scalar(select(func.count()).select_from(row)) or 0 for row in _HELD]
    finally:
        scope.enter(None)


def test_R11_the_database_itself_keeps_rivals_from_who_takes_part(ground: Ground) -> None:
    world = build_world(ground)
    with ground.work() as work:
        card = coming_round(work, world)
        enquiry_id = add_enquiry(work, world.lead, card.id, "How many places?", EnquiryKind.NUMBER)
        door = Door(card.id, actor=world.providers[0][1])
        book_place(work, door, add_session(work, world.lead, card.id, WORKSHOP))
        ask_question(work, door, "What about transport?")
        reply(work, door, {enquiry_id: "6"})
    assert seen_by(ground, world.providers[0][1]) == [1, 1, 1, 1]
    assert seen_by(ground, world.lead) == [1, 1, 1, 1]
    assert seen_by(ground, world.providers[1][1]) == [0, 0, 0, 0]
