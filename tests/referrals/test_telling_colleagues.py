"""Whoever a colleague waits for is told, once, and not whoever cannot or must not act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from channels.tables import MessageRow
from kernel.errors import ConflictError
from people.model import Actor, Role
from referrals.actions.evaluation.name_evaluators import name_evaluators
from referrals.actions.evaluation.score import declare_interest
from referrals.model.approvals import ApprovalOutcome
from referrals.queries.looks import to_approve
from referrals.queries.waiting_scores import to_score
from tests.fps import world as register
from tests.referrals.evaluation.test_late_offers import let_in, scored_before
from tests.referrals.evaluation.world import at, unsealed
from tests.referrals.routes.steps import DIRECT, ask, choose, decide, plan
from tests.referrals.world import World

ASKED, GIVEN = "referrals.approval_asked", "referrals.approval_given"
REFUSED, NAMED = "referrals.approval_refused", "referrals.evaluator_named"
REOPENED = "referrals.scores_reopened"


@pytest.fixture
def third(world: World) -> Actor:
    with world.ground.work() as work:
        return register.member(work, "Tia Third", Role.COMMISSIONER, world.register.council_id)


def test_a_second_look_is_told_to_those_who_may_give_it_and_the_decision_to_who_asked(
    world: World, third: Actor
) -> None:
    referral_id = world.drafted()
    plan(world, referral_id)
    ask(world, referral_id)
    ask(world, referral_id)
    assert told(world, ASKED) == sorted(person.id for person in (world.colleague, third))
    with world.ground.read() as session:
        assert to_approve(session, world.colleague, world.ground.clock.now()).count == 1
    decide(world, referral_id)
    with pytest.raises(ConflictError):
        decide(world, referral_id)
    assert told(world, GIVEN) == [world.commissioner.id]
    assert told(world, REFUSED) == []


def test_all_that_one_press_asks_is_one_message(world: World) -> None:
    """R5, R15: a direct award and a shorter deadline are two questions and one call."""
    referral_id = world.drafted()
    choose(world, referral_id, replace(DIRECT, setting_id=world.settings[0]))
    plan(world, referral_id)
    ask(world, referral_id)
    assert told(world, ASKED) == [world.colleague.id]
    decide(world, referral_id, outcome=ApprovalOutcome.REFUSED, words="Say why no other school can.")
    assert told(world, REFUSED) == [world.commissioner.id]
    at(world, world.ground.clock.now() + timedelta(hours=1))
    ask(world, referral_id)
    assert told(world, ASKED) == [world.colleague.id] * 2


def test_a_message_to_colleagues_names_nothing_but_the_referral(world: World) -> None:
    """R21, R30."""
    referral_id = world.drafted()
    plan(world, referral_id)
    ask(world, referral_id)
    with world.ground.read() as session:
        (row,) = session.scalars(select(MessageRow).where(MessageRow.key == ASKED))
        assert set(row.values) == {"reference", "link"}
        assert row.values["link"].startswith("/commissioning/approvals/")


def test_R25_an_evaluator_is_told_once_and_again_only_when_named_anew(world: World) -> None:
    referral_id = unsealed(world)
    people = [world.commissioner.id, world.colleague.id]
    for _ in range(2):
        with world.ground.work() as work:
            name_evaluators(work, world.commissioner, referral_id, people)
    assert told(world, NAMED) == [world.colleague.id]
    with world.ground.read() as session:
        assert to_score(session, world.colleague, world.ground.clock.now()).count == 1


def test_R17_whose_scores_are_opened_again_is_told(world: World) -> None:
    referral_id = scored_before(world, 0)
    let_in(world, referral_id)
    assert told(world, REOPENED) == sorted((world.commissioner.id, world.colleague.id))
    assert world.colleague.id in told(world, ASKED)
    assert world.commissioner.id in told(world, GIVEN)


def test_R25_who_has_a_conflict_of_interest_is_not_asked(world: World, third: Actor) -> None:
    referral_id = scored_before(world)
    with world.ground.work() as work:
        name_evaluators(work, world.commissioner, referral_id, [third.id])
    with world.ground.work() as work:
        declare_interest(work, third, referral_id, conflict=True)
    before = told(world, ASKED).count(third.id)
    let_in(world, referral_id)
    assert told(world, ASKED).count(third.id) == before


def told(world: World, key: str) -> list[str]:
    """Return who was sent a message, in order of their ids, as often as they were."""
    with world.ground.read() as session:
        found: Iterable[str | None] = session.scalars(select(MessageRow.person_id).where(MessageRow.key == key))
        return sorted(each for each in found if each)
