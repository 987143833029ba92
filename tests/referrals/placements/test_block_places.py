"""R6, R8: places under contracts are counted down and never below zero."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from referrals.actions.contracts.record_contract import WrittenContract, change_contract
from referrals.actions.placements.end_placement import EndPlacement, end_placement
from referrals.actions.placements.take_block_place import give_back_place, take_block_place
from referrals.model.contracts import ContractKind
from referrals.model.placements import EndReason
from referrals.model.routes import Route
from referrals.queries.contracts import contract as contract_of
from referrals.queries.contracts import contracts_for, contracts_of, count_contracts
from referrals.tables import ContractRow
from tests.referrals.placements.world import begun, card, contract
from tests.referrals.world import World

TODAY = date(2026, 11, 23)
PRESSES = 8
NUMBERS = count(1)


def _left(world: World, contract_id: str) -> int | None:
    with world.ground.read() as session:
        return contract_of(session, world.commissioner, contract_id)[0].places_left


def test_R6_a_block_calldown_takes_a_place_and_its_end_gives_it_back(world: World) -> None:
    contract_id = contract(world, places=1)
    placement_id = begun(world, route=Route.BLOCK_CALLDOWN, contract_id=contract_id)
    assert card(world, placement_id).parts[0].contract == "BLOCK-1"
    assert _left(world, contract_id) == 0
    with pytest.raises(ConflictError, match="No place is left under contract BLOCK-1"):
        begun(world, route=Route.BLOCK_CALLDOWN, contract_id=contract_id)
    with world.ground.work() as work:
        ending = EndPlacement(placement_id, TODAY, EndReason.NOT_BEGUN, "", is_confirmed=False)
        end_placement(work, world.commissioner, ending)
    assert _left(world, contract_id) == 1
    begun(world, route=Route.BLOCK_CALLDOWN, contract_id=contract_id)
    assert _left(world, contract_id) == 0


def test_R6_a_place_is_taken_under_the_contract_that_was_chosen_and_approved(world: World) -> None:
    older, chosen = contract(world, places=1), contract(world, places=1, reference="BLOCK-2")
    placement_id = begun(world, route=Route.BLOCK_CALLDOWN, contract_id=chosen)
    assert card(world, placement_id).parts[0].contract == "BLOCK-2"
    assert (_left(world, older), _left(world, chosen)) == (1, 0)
    with pytest.raises(ConflictError, match="No place is left under contract BLOCK-2"):
        begun(world, route=Route.BLOCK_CALLDOWN, contract_id=chosen)
    with pytest.raises(ConflictError, match="No contract was chosen"):
        begun(world, route=Route.BLOCK_CALLDOWN)
    assert _left(world, older) == 1


def test_R8_an_existing_contract_goes_on_without_counting(world: World) -> None:
    contract_id = contract(world, places=None, kind=ContractKind.EXISTING, until=None)
    placement_id = begun(world, route=Route.EXISTING_CONTRACT, contract_id=contract_id)
    assert card(world, placement_id).route is Route.EXISTING_CONTRACT
    assert _left(world, contract_id) is None
    with world.ground.work() as work:
        assert take_block_place(work, contract_id, TODAY) is None


def test_R6_of_many_who_press_at_once_as_many_get_a_place_as_there_are(world: World) -> None:
    """On PostgreSQL in threads of their own transactions; on SQLite one after the other by its own lock."""
    contract_id, start = contract(world, places=3), Barrier(PRESSES)

    def press(_number: int) -> bool:
        start.wait()
        try:
            with world.ground.work() as work:
                take_block_place(work, contract_id, TODAY)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(PRESSES) as pool:
        assert sum(pool.map(press, range(PRESSES))) == 3
    assert _left(world, contract_id) == 0


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.integers(1, 3), steps=st.lists(st.booleans(), max_size=12))
def test_R6_places_never_go_below_zero_nor_above_what_there_are(world: World, places: int, steps: list[bool]) -> None:
    contract_id, held = contract(world, places=places, reference=f"BLOCK-{next(NUMBERS)}"), 0
    for is_wanted in steps:
        with world.ground.work() as work:
            if is_wanted and held < places:
                assert take_block_place(work, contract_id, TODAY) == places - held - 1
                held += 1
            elif is_wanted:
                with pytest.raises(ConflictError, match="No place is left"):
                    take_block_place(work, contract_id, TODAY)
            elif held:
                give_back_place(work, contract_id)
                held -= 1
        assert _left(world, contract_id) == places - held


@pytest.mark.parametrize("taken", [-1, 3])
def test_R6_the_database_itself_keeps_the_count(world: World, taken: int) -> None:
    contract_id = contract(world, places=2)
    with pytest.raises(IntegrityError), world.ground.work() as work:
        work.session.execute(update(ContractRow).where(ContractRow.id == contract_id).values(taken=taken))


def test_a_place_is_taken_only_while_the_contract_holds(world: World) -> None:
    contract_id = contract(world, until=TODAY)
    with pytest.raises(ConflictError, match="does not hold"), world.ground.work() as work:
        take_block_place(work, contract_id, TODAY + timedelta(days=1))
    with pytest.raises(NotFoundError), world.ground.work() as work:
        take_block_place(work, "01unknown00000000000000000", TODAY)


def test_the_contracts_of_a_day_are_those_that_hold_then(world: World) -> None:
    contract_id, council_id = contract(world, until=TODAY), world.register.council_id
    lot_id = world.register.lots[0].id
    with world.ground.read() as session:
        (found,) = contracts_for(session, council_id, ContractKind.BLOCK, TODAY, lot_id)
        assert (found.id, found.setting_name, found.places_left) == (contract_id, "School 0", 2)
        assert contracts_for(session, council_id, ContractKind.BLOCK, TODAY + timedelta(days=1)) == []
        assert contracts_for(session, council_id, ContractKind.EXISTING, TODAY) == []
        assert contracts_for(session, world.register.other_council_id, ContractKind.BLOCK, TODAY) == []


def test_a_contract_is_its_councils_alone(world: World) -> None:
    contract_id = contract(world)
    with world.ground.read() as session:
        assert contracts_of(session, world.stranger) == []
        assert count_contracts(session, world.stranger) == 0
        with pytest.raises(NotFoundError):
            contract_of(session, world.stranger, contract_id)
    with pytest.raises(NotFoundError), world.ground.work() as work:
        change_contract(work, world.stranger, contract_id, WrittenContract("X-1", None, 5))


def test_a_contract_never_has_fewer_places_than_learners_hold(world: World) -> None:
    contract_id = contract(world, places=2)
    begun(world, route=Route.BLOCK_CALLDOWN, contract_id=contract_id)
    begun(world, route=Route.BLOCK_CALLDOWN, contract_id=contract_id)
    same = WrittenContract("BLOCK-1", None, 2)
    for wrong, field in (
        (replace(same, places=1), "places"),
        (replace(same, places=None), "places"),
        (replace(same, until=date(2026, 8, 31)), "until"),
        (replace(same, reference=" "), "reference"),
    ):
        with pytest.raises(InvalidInputError) as refused, world.ground.work() as work:
            change_contract(work, world.commissioner, contract_id, wrong)
        assert refused.value.field == field
    with world.ground.work() as work:
        change_contract(work, world.commissioner, contract_id, replace(same, places=3))
    assert _left(world, contract_id) == 1


def test_a_reference_names_one_contract_of_a_council(world: World) -> None:
    contract(world)
    with pytest.raises(ConflictError, match="already"):
        contract(world)
