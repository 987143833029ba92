"""Placements and contracts for tests: what was awarded, signed and contracted in the invented council."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from referrals.actions.contracts.record_contract import RecordContract, WrittenContract, record_contract
from referrals.actions.placements.begin_package import BeginPackage, begin_package
from referrals.actions.placements.begin_placement import begin_placement
from referrals.actions.placements.sign_agreement import sign_agreement
from referrals.actions.placements.write_agreement import WriteAgreement, write_agreement
from referrals.actions.placements.write_parts import Supply, WrittenPart, write_part
from referrals.model.awards import AwardCard, Outcome
from referrals.model.contracts import ContractKind
from referrals.model.placements import Basis, Fees, PlacementCard, PlacementKind
from referrals.model.routes import Route
from referrals.queries.awards import award_card
from referrals.queries.placements import placement
from referrals.rules.placements import AgreementTerms
from referrals.tables import AwardRow, RecipientRow, ReferralRow
from tests.referrals.world import World

SIGNED_ON = date(2026, 11, 23)
STARTS_ON = date(2027, 1, 11)
PHASE_END = date(2028, 8, 31)
TERMS = AgreementTerms(
    PlacementKind.SCHOOL, "SEND-20418", Basis.PLAN, "Learns to ask for a break.", STARTS_ON, PHASE_END
)
PART = WrittenPart("The whole placement", Decimal(25), 38, Fees(40_000, 0, 5_000, 8_000), is_confirmed=False)
SPOT = Supply(supplier="Beacon Tutors", bought_under="CPR-12")


def award(
    work: Work, world: World, referral_id: str, number: int = 0, route: Route = Route.MINI_COMPETITION
) -> AwardCard:
    """Write an award of a referral to a provider's only setting, as the evaluation does."""
    row = AwardRow(
        id=new_id(),
        referral_id=referral_id,
        council_id=world.register.council_id,
        lot_id=world.register.lots[0].id,
        route=route,
        outcome=Outcome.AWARD,
        recipient_id=_recipient(work, referral_id, world.settings[number]),
        setting_id=world.settings[number],
        provider_id=world.register.providers[number][0],
        supplier=f"School {number}",
        reasons="For a test.",
        decided_by=world.commissioner.id,
        decided_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return award_card(row)


def _recipient(work: Work, referral_id: str, setting_id: str) -> str | None:
    asked = select(RecipientRow.id).where(
        RecipientRow.referral_id == referral_id, RecipientRow.setting_id == setting_id
    )
    return work.session.scalar(asked)


def begun(world: World, number: int = 0, route: Route = Route.MINI_COMPETITION, contract_id: str | None = None) -> str:
    """Begin a placement at a provider's only setting, under a contract of the council or none; return its id."""
    referral_id = world.drafted()
    with world.ground.work() as work:
        row = work.session.get_one(ReferralRow, referral_id)
        row.route, row.contract_id = route, contract_id
        return begin_placement(work, world.commissioner, award(work, world, referral_id, number, route))


def card(world: World, placement_id: str, actor: Actor | None = None) -> PlacementCard:
    """Return a placement as its council reads it."""
    with world.ground.read() as session:
        return placement(session, actor or world.commissioner, placement_id)


def write(world: World, placement_id: str, terms: AgreementTerms = TERMS, part: WrittenPart = PART) -> None:
    """Write the agreement and the first part."""
    with world.ground.work() as work:
        me, seen = world.commissioner, placement(work.session, world.commissioner, placement_id)
        write_agreement(work, me, WriteAgreement(placement_id, seen.edition, terms, is_confirmed=False))
        work.session.flush()
        write_part(work, me, placement_id, seen.edition + 1, seen.parts[0].id, part)


def sign(world: World, placement_id: str, signed_on: date = SIGNED_ON) -> None:
    """Record the signatures."""
    edition = card(world, placement_id).edition
    with world.ground.work() as work:
        sign_agreement(work, world.commissioner, placement_id, edition, signed_on)


def signed(world: World, number: int = 0, terms: AgreementTerms = TERMS) -> str:
    """Begin a placement, write its agreement and record the signatures; return its id."""
    placement_id = begun(world, number)
    write(world, placement_id, terms)
    sign(world, placement_id)
    return placement_id


def contract(
    world: World,
    places: int | None = 2,
    kind: ContractKind = ContractKind.BLOCK,
    number: int = 0,
    reference: str = "BLOCK-1",
    until: date | None = date(2028, 8, 31),
) -> str:
    """Record a contract with a provider's only setting; return its id."""
    with world.ground.work() as work:
        return record_contract(
            work,
            world.commissioner,
            RecordContract(
                world.register.council_id,
                kind,
                world.settings[number],
                None,
                date(2026, 9, 1),
                WrittenContract(reference, until, places),
            ),
        )


def package(world: World, supply: Supply = SPOT) -> str:
    """Begin a package by hand; return its id."""
    with world.ground.work() as work:
        command = BeginPackage(world.register.council_id, "Year 8", supply, "Tutoring in maths", is_confirmed=False)
        return begin_package(work, world.commissioner, command)
