from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask

from kernel.clock import FixedClock
from referrals.actions.close_referral import close_referral
from referrals.actions.unseal_responses import unseal_responses
from referrals.model import Phase
from referrals.queries.lists import Wanted, count_referrals, lots_in_use, referrals_of
from tests.referrals.browsing import browser, words
from tests.referrals.world import World

DEADLINE = datetime(2026, 12, 1, 12, tzinfo=UTC)


def _in_every_phase(world: World, clock: FixedClock) -> list[datetime]:
    """Leave referrals that differ; return moments between which they go through every phase."""
    begun = clock.now()
    sealed, unsealed, closed = world.issued(), world.issued(), world.issued()
    world.issued(release_at=begun + timedelta(hours=2))
    world.drafted()
    clock.set(DEADLINE + timedelta(seconds=1))
    with world.ground.work() as work:
        for actor in (world.commissioner, world.colleague):
            unseal_responses(work, actor, unsealed)
        unseal_responses(work, world.commissioner, sealed)
        close_referral(work, world.colleague, closed, "The learner moved away.")
    at_deadline = [DEADLINE + timedelta(microseconds=by) for by in (-1, 0, 900_000, 1_000_000)]
    return [begun, begun + timedelta(hours=2), *at_deadline, DEADLINE + timedelta(days=30)]


def test_the_list_is_narrowed_to_the_phase_that_each_line_shows(world: World, clock: FixedClock) -> None:
    """R16, R22"""
    seen = set()
    for now in _in_every_phase(world, clock):
        with world.ground.read() as session:
            everything = referrals_of(session, world.commissioner, now)
            for phase in Phase:
                wanted = Wanted(phase=phase)
                lines = referrals_of(session, world.commissioner, now, wanted)
                assert lines == [line for line in everything if line.phase is phase], (now, phase)
                assert count_referrals(session, world.commissioner, now, wanted) == len(lines)
                seen |= {line.phase for line in lines}
            assert count_referrals(session, world.commissioner, now) == len(everything) == 5
    assert seen == set(Phase)


def test_the_list_is_narrowed_by_part_of_a_reference_and_by_lot(world: World, clock: FixedClock) -> None:
    first, second = world.issued(), world.issued()
    now = clock.now()
    with world.ground.read() as session:
        lines = {line.id: line for line in referrals_of(session, world.commissioner, now)}
        assert set(lines) == {first, second}
        wanted = Wanted(reference=f" {lines[first].reference[-6:].lower()} ")
        assert [line.id for line in referrals_of(session, world.commissioner, now, wanted)] == [first]
        (lot,) = lots_in_use(session, world.commissioner)
        assert count_referrals(session, world.commissioner, now, Wanted(lot_id=lot[0])) == 2
        assert count_referrals(session, world.commissioner, now, Wanted(lot_id="none")) == 0
        assert count_referrals(session, world.commissioner, now, Wanted(reference="%")) == 0
        assert lots_in_use(session, world.stranger) == []


def test_the_page_keeps_its_filters_in_the_address_and_says_when_nothing_fits(world: World, app: Flask) -> None:
    world.issued()
    client = browser(app, world.commissioner)
    assert "Open for answers" in words(client.get("/commissioning/referrals?status=open"))
    nothing = client.get("/commissioning/referrals?status=closed&reference=zzz&lot=none")
    assert "No referral of your council fits this." in words(nothing)
    assert 'value="zzz"' in nothing.text
    assert client.get("/commissioning/referrals?status=nonsense&page=-3").status_code == 200
