"""R28, C4: the agreement of a placement, from award to end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from channels.tables import MessageRow
from kernel.clock import FixedClock
from kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from kernel.work import Work
from referrals.actions.placements.begin_placement import begin_placement
from referrals.actions.placements.end_placement import EndPlacement, end_placement
from referrals.actions.placements.keep_placements import keep_placements
from referrals.actions.placements.sign_agreement import reopen_agreement
from referrals.actions.placements.write_agreement import WriteAgreement, write_agreement
from referrals.actions.placements.write_parts import Supply, add_part, remove_part, write_part
from referrals.model import AgeBand
from referrals.model.answers import Costs
from referrals.model.awards import Outcome
from referrals.model.placement_reviews import ReviewKind
from referrals.model.placements import EndReason, Fees, PlacementKind, PlacementState
from referrals.model.routes import Route
from referrals.queries.placements import (
    WantedPlacements,
    count_own_placements,
    own_placement,
    own_placements,
    placement,
)
from referrals.tables import PlacementRow
from tests.referrals.placements.world import (
    PART,
    PHASE_END,
    SIGNED_ON,
    SPOT,
    STARTS_ON,
    TERMS,
    award,
    begun,
    card,
    contract,
    package,
    sign,
    signed,
    write,
)
from tests.referrals.sample import need
from tests.referrals.world import OFFER, World

TODAY = date(2026, 11, 23)
ENDING = EndPlacement("", TODAY, EndReason.BROKE_DOWN, "", is_confirmed=False)


def test_R1_a_placement_begins_once_with_its_award(world: World) -> None:
    referral_id = world.drafted()
    with world.ground.work() as work:
        awarded = award(work, world, referral_id)
        first = begin_placement(work, world.commissioner, awarded)
        assert begin_placement(work, world.commissioner, awarded) == first
    found = card(world, first)
    assert (found.route, found.supplier, found.ends_on) == (Route.MINI_COMPETITION, "School 0", PHASE_END)
    assert found.state(TODAY) is PlacementState.DRAFT
    assert found.parts[0].provider_id == world.register.providers[0][0]


def test_a_placement_begins_as_it_was_offered(world: World) -> None:
    """R28: the fee split of the offer that won."""
    referral_id = world.issued()
    world.respond(referral_id)
    world.respond(referral_id, response=replace(OFFER, costs=Costs(education=41_000, therapy=2_500)))
    with world.ground.work() as work:
        placement_id = begin_placement(work, world.commissioner, award(work, world, referral_id))
    found = card(world, placement_id)
    assert found.parts[0].fees == Fees(41_000, 0, 2_500, 0)
    assert found.starts_on == OFFER.starts_on


def test_R28_the_phase_is_that_of_the_day_on_which_the_place_starts(world: World, clock: FixedClock) -> None:
    """Drafted in June for September: the year group is that of September."""
    clock.set(datetime(2026, 6, 10, 10, tzinfo=UTC))
    wanted = replace(
        need(AgeBand.FROM_12), year_group="Year 7", starts_from=date(2026, 9, 1), starts_until=date(2026, 9, 30)
    )
    referral_id = world.drafted(wanted)
    with world.ground.work() as work:
        placement_id = begin_placement(work, world.commissioner, award(work, world, referral_id))
    found = card(world, placement_id)
    assert (found.phase_ends_on, found.ends_on) == (date(2031, 8, 31), date(2031, 8, 31))


def test_no_placement_begins_where_nothing_was_awarded(world: World) -> None:
    referral_id = world.drafted()
    with world.ground.work() as work:
        awarded = replace(award(work, world, referral_id), outcome=Outcome.NO_AWARD)
        with pytest.raises(ConflictError, match="Nothing was awarded"):
            begin_placement(work, world.commissioner, awarded)


def test_R28_an_agreement_is_signed_when_it_is_complete_and_its_reviews_are_planned(world: World) -> None:
    placement_id = begun(world)
    with pytest.raises(ConflictError, match="the learner's code, what the placement rests on"):
        sign(world, placement_id)
    write(world, placement_id)
    with pytest.raises(InvalidInputError, match="future"):
        sign(world, placement_id, TODAY + timedelta(days=1))
    sign(world, placement_id)
    found = card(world, placement_id)
    assert (found.signed_on, found.yearly_cost) == (SIGNED_ON, 53_000)
    assert [found.state(day) for day in (TODAY, STARTS_ON)] == [PlacementState.SIGNED, PlacementState.RUNNING]
    planned = [(review.kind, review.due_on) for review in found.reviews]
    assert planned == [(ReviewKind.FIRST, date(2027, 2, 22)), (ReviewKind.ANNUAL, date(2028, 1, 11))]


def test_R28_a_signed_agreement_changes_only_when_it_is_opened_again(world: World) -> None:
    placement_id = signed(world)
    found = card(world, placement_id)
    command = WriteAgreement(placement_id, found.edition, TERMS, is_confirmed=False)
    with pytest.raises(ConflictError, match="signed"), world.ground.work() as work:
        write_agreement(work, world.commissioner, command)
    with world.ground.work() as work:
        reopen_agreement(work, world.commissioner, placement_id, found.edition)
    found = card(world, placement_id)
    assert found.state(TODAY) is PlacementState.DRAFT
    assert all(review.cancelled_at and review.sequence == 1 for review in found.reviews)
    with pytest.raises(ConflictError, match="not signed"), world.ground.work() as work:
        reopen_agreement(work, world.commissioner, placement_id, found.edition)


def test_two_who_write_at_once_do_not_overwrite_each_other(world: World) -> None:
    placement_id = begun(world)
    seen = card(world, placement_id).edition
    with world.ground.work() as work:
        write_agreement(work, world.commissioner, WriteAgreement(placement_id, seen, TERMS, is_confirmed=False))
    with pytest.raises(ConflictError, match="A colleague has changed"), world.ground.work() as work:
        write_agreement(work, world.colleague, WriteAgreement(placement_id, seen, TERMS, is_confirmed=False))


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (replace(TERMS, learner_code="Amina"), "learner_code"),
        (replace(TERMS, learner_code="A123456789012"), "learner_code"),
        (replace(TERMS, learner_code="12345678"), "learner_code"),
        (replace(TERMS, ends_on=date(2027, 1, 10)), "ends_on"),
        (replace(TERMS, ends_on=date(2028, 9, 1)), "ends_on"),
        (replace(TERMS, outcomes="Lives with Amina Khan"), "outcomes"),
        (replace(TERMS, outcomes="x" * 3001), "outcomes"),
    ],
)
def test_R28_R31_what_identifies_or_outlasts_the_phase_is_refused(world: World, terms: object, field: str) -> None:
    placement_id = begun(world)
    with pytest.raises(InvalidInputError) as refused:
        write(world, placement_id, terms)  # type: ignore[arg-type] # one of the rows above
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("part", "field"),
    [
        (replace(PART, service=" "), "service"),
        (replace(PART, hours_a_week=Decimal("12.1")), "hours"),
        (replace(PART, hours_a_week=Decimal(169)), "hours"),
        (replace(PART, weeks_a_year=53), "weeks"),
        (replace(PART, fees=Fees(education=-1)), "education"),
        (replace(PART, fees=Fees(transport=2_000_001)), "transport"),
    ],
)
def test_hours_weeks_and_fees_are_possible_ones(world: World, part: object, field: str) -> None:
    placement_id = begun(world)
    with pytest.raises(InvalidInputError) as refused:
        write(world, placement_id, part=part)  # type: ignore[arg-type] # one of the rows above
    assert refused.value.field == field


def test_R28_a_placement_ends_by_itself_when_the_phase_does(world: World, clock: FixedClock) -> None:
    placement_id, unsigned = signed(world), begun(world, 1)
    clock.set(datetime(2028, 8, 31, 22, 59, tzinfo=UTC))
    keep_placements(world.ground, PHASE_END)
    assert card(world, placement_id).ended_on is None
    clock.set(datetime(2028, 8, 31, 23, 1, tzinfo=UTC))  # in London the next day has begun
    for _ in range(2):
        keep_placements(world.ground, PHASE_END + timedelta(days=1))
    found = card(world, placement_id)
    assert (found.ended_on, found.end_reason) == (PHASE_END, EndReason.PHASE)
    assert card(world, unsigned).ended_on is None
    assert _told(world, "referrals.placement_ended") == 2


def test_C4_an_agreement_that_outlasts_its_framework_is_told_once(world: World) -> None:
    placement_id = signed(world)
    with world.ground.work() as work:
        ends_on = placement(work.session, world.commissioner, placement_id).framework_ends_on
        assert ends_on is not None
        assert ends_on > PHASE_END
    keep_placements(world.ground, TODAY)
    assert _told(world, "referrals.placement_outlasts") == 0
    with world.ground.work() as work:
        row = work.session.get(PlacementRow, placement_id)
        assert row is not None
        row.ends_on = row.phase_ends_on = ends_on + timedelta(days=200)
    assert card(world, placement_id).outlasts_framework
    for _ in range(2):
        keep_placements(world.ground, TODAY)
    assert _told(world, "referrals.placement_outlasts") == 1


def test_ending_calls_reviews_off_and_tells_everybody(world: World) -> None:
    placement_id = signed(world)
    for wrong, field in (
        (replace(ENDING, placement_id=placement_id, ended_on=TODAY + timedelta(days=1)), "ended_on"),
        (replace(ENDING, placement_id=placement_id), "ended_on"),
        (replace(ENDING, placement_id=placement_id, reason=EndReason.PHASE), "reason"),
        (replace(ENDING, placement_id=placement_id, reason=EndReason.NOT_BEGUN, words="Amina Khan left"), "words"),
    ):
        with pytest.raises(InvalidInputError) as refused, world.ground.work() as work:
            end_placement(work, world.commissioner, wrong)
        assert refused.value.field == field
    ending = replace(ENDING, placement_id=placement_id, reason=EndReason.NOT_BEGUN)
    with world.ground.work() as work:
        end_placement(work, world.commissioner, ending)
    found = card(world, placement_id)
    assert found.state(TODAY) is PlacementState.ENDED
    assert all(review.cancelled_at for review in found.reviews)
    assert found.parts[0].ended_on == TODAY
    with pytest.raises(ConflictError, match="has ended"), world.ground.work() as work:
        end_placement(work, world.colleague, ending)
    assert _told(world, "referrals.placement_ended") == 2


def test_a_package_is_one_call_off_with_parts_of_several_suppliers(world: World) -> None:
    """R7: off the framework only with a reference under the contract procedure rules."""
    contract_id, placement_id = contract(world, places=1), package(world)
    me = world.commissioner
    with world.ground.work() as work:
        added = add_part(work, me, placement_id, 1, Supply(contract_id), PART)
    found = card(world, placement_id)
    assert (found.kind, found.route, found.supplier) == (
        PlacementKind.PACKAGE,
        Route.OFF_FRAMEWORK_SPOT,
        "Beacon Tutors",
    )
    assert [(part.supplier, part.route) for part in found.parts] == [
        ("Beacon Tutors", Route.OFF_FRAMEWORK_SPOT),
        ("School 0", Route.BLOCK_CALLDOWN),
    ]
    for wrong in (replace(SPOT, bought_under=""), replace(SPOT, supplier="")):
        with pytest.raises(InvalidInputError), world.ground.work() as work:
            add_part(work, me, placement_id, 2, wrong, PART)
    with pytest.raises(ConflictError, match="No place is left"), world.ground.work() as work:
        add_part(work, me, placement_id, 2, Supply(contract_id), PART)
    with world.ground.work() as work:
        remove_part(work, me, placement_id, 2, added)
    with world.ground.work() as work:
        add_part(work, me, placement_id, 3, Supply(contract_id), PART)
    with pytest.raises(ConflictError, match="The first part stays"), world.ground.work() as work:
        remove_part(work, me, placement_id, 4, found.parts[0].id)


def test_a_supplier_reads_its_own_part_and_no_learner_code(world: World) -> None:
    contract_id, placement_id = contract(world), begun(world, 1)
    write(world, placement_id)
    with world.ground.work() as work:
        edition = placement(work.session, world.commissioner, placement_id).edition
        add_part(work, world.commissioner, placement_id, edition, Supply(contract_id), replace(PART, service="Art"))
    with world.ground.read() as session:
        for number, service in ((0, "Art"), (1, "The whole placement")):
            own = own_placement(session, world.user(number), placement_id)
            assert ([part.service for part in own.parts], own.learner_code) == ([service], "")
            (line,) = own_placements(session, world.user(number), TODAY)
            assert line.card.learner_code == ""
        with pytest.raises(NotFoundError):
            own_placement(session, world.user(2), placement_id)
        assert own_placements(session, world.user(2), TODAY) == []


def test_a_search_tells_a_supplier_nothing_of_the_others_in_a_package(world: World) -> None:
    contract_id, placement_id = contract(world), begun(world, 1)
    with world.ground.work() as work:
        add_part(work, world.commissioner, placement_id, 1, Supply(contract_id), replace(PART, service="Art"))
    reference = card(world, placement_id).reference
    with world.ground.read() as session:
        for number in (0, 1):
            for words, count in ((f"School {number}", 1), (f"School {1 - number}", 0), (reference, 1)):
                wanted = WantedPlacements(words=words)
                assert len(own_placements(session, world.user(number), TODAY, wanted)) == count
                assert count_own_placements(session, world.user(number), TODAY, wanted) == count


def test_a_placement_is_its_councils_alone(world: World) -> None:
    placement_id, contract_id = begun(world), contract(world)
    part_id, other = card(world, placement_id).parts[0].id, world.stranger
    with world.ground.read() as session, pytest.raises(NotFoundError):
        placement(session, other, placement_id)
    acts: tuple[Callable[[Work], None], ...] = (
        lambda work: write_agreement(work, other, WriteAgreement(placement_id, 1, TERMS, is_confirmed=False)),
        lambda work: write_part(work, other, placement_id, 1, part_id, PART),
        lambda work: end_placement(work, other, replace(ENDING, placement_id=placement_id)),
        lambda work: reopen_agreement(work, other, placement_id, 1),
    )
    for act in acts:
        with pytest.raises(NotFoundError), world.ground.work() as work:
            act(work)
    own = package(replace(world, commissioner=world.colleague))
    with pytest.raises(NotFoundError), world.ground.work() as work:
        add_part(work, other, own, 1, Supply(contract_id), PART)
    with pytest.raises(ForbiddenError):
        package(replace(world, commissioner=other))


def _told(world: World, key: str) -> int:
    with world.ground.read() as session:
        return len(session.scalars(select(MessageRow).where(MessageRow.key == key)).all())
