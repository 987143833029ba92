"""A half's contracts and placements: its council's alone, but for the part that its own provider supplies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kernel.calendar import london_date
from kernel.work import Ground
from people.model import Role
from referrals.actions.contracts.record_contract import RecordContract, WrittenContract, record_contract
from referrals.actions.placements.begin_package import BeginPackage, begin_package
from referrals.actions.placements.keep_calendar import open_calendar
from referrals.actions.placements.sign_agreement import sign_agreement
from referrals.actions.placements.write_agreement import WriteAgreement, write_agreement
from referrals.actions.placements.write_parts import Supply, WrittenPart, write_part
from referrals.model.contracts import ContractKind
from referrals.model.placements import Basis, Fees, PlacementKind
from referrals.queries.placements import placement
from referrals.rules.placements import AgreementTerms
from tests.isolation.half import Half


def keep_placement_rows(ground: Ground, half: Half) -> None:
    """A block contract with the half's setting, a signed placement under it, and one that is being written."""
    me = half.people[Role.COMMISSIONER]
    with ground.work() as work:
        written = WrittenContract(f"{half.mark}-BLOCK", date(2029, 8, 31), 5)
        command = RecordContract(half.council, ContractKind.BLOCK, half.setting, None, date(2026, 9, 1), written)
        contract_id = record_contract(work, me, command)
        signed, _ = (
            begin_package(
                work,
                me,
                BeginPackage(half.council, "Year 5", Supply(contract_id), f"{half.mark} lessons", is_confirmed=True),
            )
            for _ in range(2)
        )
        open_calendar(work, me)
    with ground.work() as work:
        first, last = london_date(work.now), date(2028, 8, 31)
        terms = AgreementTerms(PlacementKind.SCHOOL, "SEND-1", Basis.PLAN, f"{half.mark} learns to ask.", first, last)
        part = placement(work.session, me, signed).parts[0]
        write_agreement(work, me, WriteAgreement(signed, 1, terms, is_confirmed=True))
        lessons = WrittenPart(part.service, Decimal(25), 38, Fees(education=40_000), is_confirmed=True)
        write_part(work, me, signed, 2, part.id, lessons)
        work.session.flush()
        sign_agreement(work, me, signed, 3, first)
