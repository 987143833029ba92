from __future__ import annotations

from datetime import UTC, datetime, timedelta

from kernel.clock import FixedClock
from people.model import Actor
from referrals.finding import find_asked, find_referrals
from referrals.queries.lists import referrals_of
from tests.referrals.world import World

LONG_AFTER = datetime(2027, 2, 1, 12, tzinfo=UTC)


def test_referrals_are_found_by_reference_by_whoever_may_read_them(world: World, clock: FixedClock) -> None:
    referral_id, draft_id = world.issued(), world.drafted()

    def found(actor: Actor, words: str) -> list[str]:
        with world.ground.read() as session:
            return [one.id for one in find_referrals(session, actor, words, 10, clock.now())]

    def asked(actor: Actor, words: str) -> list[str]:
        with world.ground.read() as session:
            return [one.id for one in find_asked(session, actor, words, 10, clock.now())]

    with world.ground.read() as session:
        references = {line.id: line.reference for line in referrals_of(session, world.commissioner, clock.now())}
    reference = references[referral_id]
    assert found(world.commissioner, reference.lower()) == [referral_id]
    assert found(world.commissioner, reference[2:]) == [referral_id]
    assert found(world.commissioner, references[draft_id]) == [], "a draft has no page to show"
    assert found(world.stranger, reference) == [], "another council's"
    assert found(world.commissioner, "%") == []
    assert asked(world.user(0), reference) == [referral_id]
    assert asked(world.user(4), reference) == [], "was not asked"
    assert asked(world.commissioner, reference) == []
    clock.set(LONG_AFTER + timedelta(days=1))
    assert asked(world.user(0), reference) == [], "after the days of grace (R32)"
