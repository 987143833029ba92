from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from channels.tables import MessageRow
from kernel.errors import NotFoundError
from referrals.actions.placements.end_placement import EndPlacement, end_placement
from referrals.actions.placements.write_parts import Supply, add_part, remove_part
from referrals.model.placements import EndReason
from referrals.queries.placement_dates import dates_of
from referrals.queries.placement_people import hearers_of
from referrals.queries.placements import count_own_placements, own_placement, own_placements
from referrals.queries.waiting_placements import own_reviews
from tests.referrals.evaluation.world import at
from tests.referrals.placements.world import PART, SIGNED_ON, begun, card, contract, sign, write
from tests.referrals.world import World


def _with_two_suppliers(world: World) -> tuple[str, str]:
    """Begin a signed placement with a part of a second supplier; return the ids of both."""
    placement_id, contract_id = begun(world), contract(world, number=1)
    write(world, placement_id)
    edition = card(world, placement_id).edition
    with world.ground.work() as work:
        part = replace(PART, service="Tutoring")
        part_id = add_part(work, world.commissioner, placement_id, edition, Supply(contract_id), part)
    return placement_id, part_id


def _take_out(world: World, placement_id: str, part_id: str) -> None:
    edition = card(world, placement_id).edition
    with world.ground.work() as work:
        remove_part(work, world.commissioner, placement_id, edition, part_id)


def test_a_supplier_that_was_taken_out_reads_and_hears_nothing_more_of_the_learner(world: World) -> None:
    """R30: outcomes and review days are for those who supply something, and for nobody who did once."""
    placement_id, part_id = _with_two_suppliers(world)
    left = world.user(1)
    with world.ground.read() as session:
        assert own_placement(session, left, placement_id).parts
        assert left.id in {person_id for person_id, _ in hearers_of(session, placement_id)}
    _take_out(world, placement_id, part_id)
    sign(world, placement_id)
    with world.ground.read() as session:
        assert own_placements(session, left, SIGNED_ON) == []
        assert count_own_placements(session, left, SIGNED_ON) == 0
        assert left.id not in {person_id for person_id, _ in hearers_of(session, placement_id)}
        dates = dates_of(session, left, SIGNED_ON)
        assert (dates.reviews, dates.last_days) == ([], [])
        assert own_reviews(session, left, world.ground.clock.now()).coming.count == 0
        with pytest.raises(NotFoundError):
            own_placement(session, left, placement_id)
        assert own_placement(session, world.user(0), placement_id).reviews


def test_who_supplied_to_the_end_reads_of_it_and_hears_that_it_ended(world: World) -> None:
    placement_id, part_id = _with_two_suppliers(world)
    _take_out(world, placement_id, part_id)
    at(world, datetime(2026, 11, 25, 10, tzinfo=UTC))
    with world.ground.work() as work:
        ending = EndPlacement(placement_id, date(2026, 11, 25), EndReason.NOT_BEGUN, "", is_confirmed=False)
        end_placement(work, world.commissioner, ending)
    with world.ground.read() as session:
        assert own_placement(session, world.user(0), placement_id).ended_on is not None
        with pytest.raises(NotFoundError):
            own_placement(session, world.user(1), placement_id)
        told = select(MessageRow.person_id).where(MessageRow.key == "referrals.placement_ended")
        people = set(session.scalars(told))
    assert world.user(0).id in people
    assert world.user(1).id not in people
