from __future__ import annotations

from collections.abc import Callable

import pytest

from kernel.work import Ground, Work
from people.model import Actor
from qa_visits.actions.accept_visit import accept_visit
from qa_visits.actions.decline_visit import DeclineVisit, decline_visit
from qa_visits.actions.offer_day import OfferDay, offer_day
from tests.qa_visits.world import OTHER_DAY, World, messages, propose


def _accept(work: Work, officer: Actor, visit_id: str) -> None:
    accept_visit(work, officer, visit_id)


def _offer(work: Work, officer: Actor, visit_id: str) -> None:
    offer_day(work, officer, OfferDay(visit_id, OTHER_DAY))


def _decline(work: Work, officer: Actor, visit_id: str) -> None:
    decline_visit(work, officer, DeclineVisit(visit_id, "Half term"))


@pytest.mark.parametrize("answer", [_accept, _offer, _decline])
def test_an_officer_who_has_answered_on_the_web_is_not_asked_any_more(
    ground: Ground, world: World, answer: Callable[[Work, Actor, str], None]
) -> None:
    visit_id = propose(ground, world)
    with ground.work() as work:
        answer(work, world.officer, visit_id)
    assert [(each.key, each.status) for each in messages(ground, to=world.officer)] == [("proposal", "cancelled")]
