from __future__ import annotations

from datetime import UTC, datetime, timedelta

from kernel.clock import FixedClock
from people.model import Actor
from people.waiting import Look, Tally, Waiting
from referrals.actions.close_referral import close_referral
from referrals.actions.unseal_responses import unseal_responses
from referrals.queries import waiting
from tests.referrals.world import World

DEADLINE = datetime(2026, 12, 1, 12, tzinfo=UTC)


def to_answer(world: World, number: int) -> int:
    with world.ground.read() as session:
        return waiting.to_answer(session, world.user(number), world.ground.clock.now()).count


def to_unseal(world: World, actor: Actor) -> int:
    with world.ground.read() as session:
        return waiting.to_unseal(session, actor, world.ground.clock.now()).count


def test_a_referral_waits_for_each_provider_that_can_still_answer(world: World, clock: FixedClock) -> None:
    assert to_answer(world, 0) == 0
    world.issued(release_at=clock.now() + timedelta(hours=1))
    assert to_answer(world, 0) == 0, "not before the release (R9)"
    clock.move(timedelta(hours=1))
    referral_id = world.issued()
    assert [to_answer(world, number) for number in range(5)] == [2, 2, 2, 0, 0]
    world.respond(referral_id, 0)
    assert [to_answer(world, number) for number in range(2)] == [1, 2]
    clock.set(DEADLINE + timedelta(seconds=1))
    assert to_answer(world, 1) == 0, "nobody can answer any more"


def test_answers_wait_to_be_unsealed_by_each_of_two_people(world: World, clock: FixedClock) -> None:
    """R21, R22"""
    first, closed = world.issued(), world.issued()
    world.drafted()
    assert to_unseal(world, world.commissioner) == 0, "sealed until the deadline"
    clock.set(DEADLINE + timedelta(minutes=1))
    assert [to_unseal(world, actor) for actor in (world.commissioner, world.colleague, world.stranger)] == [2, 2, 0]
    assert to_unseal(world, world.user(0)) == 0
    with world.ground.work() as work:
        unseal_responses(work, world.commissioner, first)
        close_referral(work, world.colleague, closed, "The learner moved away.")
    assert [to_unseal(world, actor) for actor in (world.commissioner, world.colleague)] == [0, 1]
    with world.ground.work() as work:
        unseal_responses(work, world.colleague, first)
    assert to_unseal(world, world.colleague) == 0


def test_says_by_when_and_since_when(world: World, clock: FixedClock) -> None:
    """The start page tells the first deadline, and since when something waits for a decision."""

    def read(look: Look, actor: Actor) -> Waiting:
        with world.ground.read() as session:
            return look(session, actor, world.ground.clock.now())

    written_at = clock.now()
    world.drafted()
    assert read(waiting.drafts, world.commissioner).due == Tally(1, written_at)
    assert read(waiting.drafts, world.stranger) == Waiting()
    referral_id = world.issued()
    assert read(waiting.to_answer, world.user(0)).due == Tally(1, DEADLINE)
    assert read(waiting.open_referrals, world.commissioner).coming == Tally(1, DEADLINE)
    clock.set(DEADLINE + timedelta(minutes=1))
    assert read(waiting.open_referrals, world.commissioner) == Waiting()
    assert read(waiting.to_unseal, world.commissioner).due == Tally(1, DEADLINE)
    assert read(waiting.to_decide, world.commissioner) == Waiting()
    for actor in (world.commissioner, world.colleague):
        with world.ground.work() as work:
            unseal_responses(work, actor, referral_id)
    assert read(waiting.to_decide, world.commissioner).due == Tally(1, DEADLINE)
    with world.ground.work() as work:
        close_referral(work, world.colleague, referral_id, "The learner moved away.")
    assert read(waiting.to_decide, world.commissioner) == Waiting()
