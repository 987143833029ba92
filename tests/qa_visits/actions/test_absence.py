from __future__ import annotations

from datetime import date, timedelta

import pytest

from kernel.errors import ForbiddenError
from kernel.work import Ground
from people.actions.delegate import Delegate, delegate
from people.actions.register_person import NewPerson, register_person
from people.model import Role
from people.queries import person
from people.queries.delegation import acting
from qa_visits.actions.accept_visit import accept_visit
from qa_visits.model import VisitState
from qa_visits.queries import visit_card
from tests.qa_visits.world import World, messages, propose

TODAY = date(2026, 11, 23)


@pytest.fixture
def stand_in(ground: Ground, world: World) -> str:
    """A colleague who is no QA officer herself."""
    (held,) = world.officer.roles
    with ground.work() as work:
        roles = ((Role.COMMISSIONER, held.organisation_id),)
        return register_person(work, NewPerson("Sal Pryce", "en", roles, (("email", "sal@example.org"),)))


def test_whoever_acts_for_an_absent_officer_is_asked_too_and_may_accept(
    ground: Ground, world: World, stand_in: str
) -> None:
    (held,) = world.officer.roles
    with ground.work() as work:
        days = Delegate(stand_in, held.organisation_id, TODAY, TODAY + timedelta(days=5))
        delegate(work, world.officer, days)
    visit_id = propose(ground, world)
    asked = [told.person_id for told in messages(ground) if told.key == "proposal"]
    assert len(asked) == len(set(asked))
    assert set(asked) == {world.officer.id, stand_in}
    with ground.work() as work:
        accept_visit(work, acting(work.session, person(work.session, stand_in), work.now), visit_id)
    with ground.read() as session:
        assert visit_card(session, visit_id).state is VisitState.BOOKED


def test_nobody_else_accepts_a_colleagues_visit(ground: Ground, world: World, stand_in: str) -> None:
    visit_id = propose(ground, world)
    with ground.work() as work:
        roles = ((Role.QA_OFFICER, world.officer.roles[0].organisation_id),)
        other = register_person(work, NewPerson("Olly Gray", "en", roles))
    with ground.work() as work, pytest.raises(ForbiddenError):
        accept_visit(work, person(work.session, other), visit_id)
    assert stand_in not in [told.person_id for told in messages(ground)]
