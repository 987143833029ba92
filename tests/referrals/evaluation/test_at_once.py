"""Two people at the same button, on both databases: one decision, one placement, one message to each."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sqlalchemy import func, select

from channels.tables import MessageRow
from kernel.errors import ConflictError
from people.model import Actor
from referrals.actions.close_referral import close_referral
from referrals.actions.evaluation.record_views import RecordPreference, record_preference
from referrals.model.evaluation import PreferenceKind
from referrals.queries.awards import award_of
from referrals.tables import AwardRow, PlacementRow, PreferenceRow
from tests.referrals.evaluation.world import REASON, award, settled
from tests.referrals.world import World


def _together(*acts: Callable[[], object]) -> list[str]:
    """Run acts at once, and return for each what came of it."""
    ready, came = threading.Barrier(len(acts)), ["" for _ in acts]

    def run(number: int) -> None:
        ready.wait()
        try:
            acts[number]()
            came[number] = "done"
        except ConflictError:
            came[number] = "refused"

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(came)


def test_two_awards_at_once_are_one(world: World) -> None:
    """R27"""
    referral_id = settled(world)

    def by(person: Actor) -> Callable[[], object]:
        return lambda: award(world, referral_id, person=person)

    assert _together(by(world.commissioner), by(world.colleague)) == ["done", "refused"]
    with world.ground.read() as session:
        assert session.scalar(select(func.count()).select_from(AwardRow)) == 1
        assert session.scalar(select(func.count()).select_from(PlacementRow)) == 1
        assert session.scalar(select(func.count()).where(MessageRow.key == "referrals.outcome")) == 3


def test_an_award_and_a_closing_at_once_are_one_decision(world: World) -> None:
    """R27, R29"""
    referral_id = settled(world)

    def close() -> None:
        with world.ground.work() as work:
            close_referral(work, world.colleague, referral_id, "The family moved away.")

    assert _together(lambda: award(world, referral_id), close) == ["done", "refused"]
    with world.ground.read() as session:
        found = award_of(session, referral_id)
        placements = session.scalar(select(func.count()).select_from(PlacementRow))
    assert found is not None
    assert placements == (1 if found.outcome == "award" else 0)


def test_two_orders_recorded_at_once_are_one(world: World) -> None:
    """R26"""
    referral_id = settled(world)

    def record(person: Actor) -> Callable[[], object]:
        def act() -> None:
            with world.ground.work() as work:
                wanted = RecordPreference(referral_id, PreferenceKind.TRIBUNAL_ORDER, None, "Elm Park School", REASON)
                record_preference(work, person, wanted)

        return act

    assert _together(record(world.commissioner), record(world.colleague)) == ["done", "refused"]
    with world.ground.read() as session:
        assert session.scalar(select(func.count()).select_from(PreferenceRow)) == 1
