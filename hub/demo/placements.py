from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from fps.queries import frameworks_of, lots, settings_of
from hub.demo.cast import Cast
from kernel.calendar import london_date
from kernel.work import Work
from people.model import Actor
from people.queries import person
from referrals.actions.contracts.record_contract import RecordContract, WrittenContract, record_contract
from referrals.actions.placements.begin_package import BeginPackage, begin_package
from referrals.actions.placements.sign_agreement import sign_agreement
from referrals.actions.placements.write_agreement import WriteAgreement, write_agreement
from referrals.actions.placements.write_parts import Supply, WrittenPart, add_part, write_part
from referrals.model.contracts import ContractKind
from referrals.model.placements import Basis, Fees, PlacementKind
from referrals.queries.placements import placement
from referrals.rules.placements import AgreementTerms

_TUTORS = Supply(supplier="Harbour Tutors", bought_under="CPR-2026-118")


def seed(work: Work, cast: Cast) -> None:
    """Record two contracts of the cast's council; sign a placement and a package, and leave a third to be written."""
    commissioner, today = person(work.session, cast.commissioner_id), london_date(work.now)
    framework = frameworks_of(work.session, cast.council_id, today)[0]
    lot_id = lots(work.session, [framework.id], today)[0].id
    own = settings_of(work.session, [provider_id for provider_id, _ in cast.providers])
    block, existing = (
        record_contract(
            work,
            commissioner,
            RecordContract(
                cast.council_id,
                kind,
                setting.id,
                lot_id,
                today - timedelta(days=90),
                WrittenContract(reference, today + timedelta(days=640), places),
            ),
        )
        for kind, setting, reference, places in (
            (ContractKind.BLOCK, own[0], "SEF-BLOCK-07", 4),
            (ContractKind.EXISTING, own[1], "SEF-2019-33", None),
        )
    )
    signed = _begin(work, commissioner, cast, Supply(block), "A place in the autism base")
    _sign(work, commissioner, signed, PlacementKind.SCHOOL)
    on_the_way = _begin(work, commissioner, cast, Supply(existing), "Forest school, three mornings")
    _add_tutors(work, commissioner, on_the_way)
    _sign(work, commissioner, on_the_way, PlacementKind.ALTERNATIVE)
    _begin(work, commissioner, cast, _TUTORS, "Tutoring in English and maths at home")


def _begin(work: Work, actor: Actor, cast: Cast, supply: Supply, service: str) -> str:
    command = BeginPackage(cast.council_id, "Year 5", supply, service, is_confirmed=True)
    return begin_package(work, actor, command)


def _add_tutors(work: Work, actor: Actor, placement_id: str) -> None:
    tutoring = WrittenPart("Tutoring in English", Decimal("2.5"), 36, Fees(education=5_400), is_confirmed=True)
    add_part(work, actor, placement_id, placement(work.session, actor, placement_id).edition, _TUTORS, tutoring)


def _sign(work: Work, actor: Actor, placement_id: str, kind: PlacementKind) -> None:
    card, today = placement(work.session, actor, placement_id), london_date(work.now)
    first = card.parts[0]
    terms = AgreementTerms(
        kind,
        f"SEND-{20418 + len(kind)}",
        Basis.PLAN if kind is PlacementKind.SCHOOL else Basis.SECTION_19,
        "Learns to ask for a break.\nReads for ten minutes a day.",
        today - timedelta(days=35),
        card.phase_ends_on,
    )
    written = WrittenPart(
        first.service, Decimal(12), 38, Fees(education=31_000, therapy=4_500, transport=6_200), is_confirmed=True
    )
    write_agreement(work, actor, WriteAgreement(placement_id, card.edition, terms, is_confirmed=True))
    write_part(work, actor, placement_id, card.edition + 1, first.id, written)
    work.session.flush()
    sign_agreement(work, actor, placement_id, card.edition + 2, today)
