from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from fps.queries import setting
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from referrals.actions.placements.find_placement import find_unsigned
from referrals.actions.placements.take_block_place import give_back_place, take_block_place
from referrals.model.contracts import ContractKind
from referrals.model.placements import Fees, PlacementKind
from referrals.model.routes import Route
from referrals.rules.placements import MOST_WEEKS, check_fees, check_words, minutes_of
from referrals.tables.contracts import ContractRow
from referrals.tables.placements import PlacementPartRow, PlacementRow

_LONGEST_NAME, _LONGEST_REFERENCE, _MOST_PARTS = 200, 60, 20
_ROUTES = {ContractKind.BLOCK: Route.BLOCK_CALLDOWN, ContractKind.EXISTING: Route.EXISTING_CONTRACT}


@dataclass(frozen=True)
class Supply:
    """From whom more is bought: under a contract of the council, or off the framework from a supplier by name.

    Off the framework `bought_under` is the reference under the council's contract procedure rules (R7).
    """

    contract_id: str | None = None
    supplier: str = ""
    bought_under: str = ""


@dataclass(frozen=True)
class WrittenPart:
    """What a part is: the service, hours a week and weeks a year, and its fees."""

    service: str
    hours_a_week: Decimal | None
    weeks_a_year: int | None
    fees: Fees
    is_confirmed: bool


def add_part(work: Work, actor: Actor, placement_id: str, edition: int, supply: Supply, written: WrittenPart) -> str:
    """Add another supplier's part to a placement, which makes it a package; return the part's id.

    A part under a contract takes its place there (R6). Raises NotFoundError for another council's placement or
    contract, ConflictError where the agreement is signed, has ended or has changed since or no place is left,
    InvalidInputError.
    """
    placement = find_unsigned(work, actor, placement_id, edition)
    parts = _parts(work, placement.id)
    if len(parts) >= _MOST_PARTS:
        raise ConflictError("A package has at most {count} parts.", count=_MOST_PARTS)
    row = new_part(work, placement, supply, max((part.number for part in parts), default=0) + 1)
    _write(row, written)
    work.session.add(row)
    placement.kind = PlacementKind.PACKAGE
    placement.edition += 1
    work.session.flush()
    _tell(work, actor, placement, "placements.add_part", row)
    return row.id


def write_part(work: Work, actor: Actor, placement_id: str, edition: int, part_id: str, written: WrittenPart) -> None:
    """Write what a part is, before the agreement is signed; raises as add_part does."""
    placement = find_unsigned(work, actor, placement_id, edition)
    row = _part(work, placement, part_id)
    _write(row, written)
    placement.edition += 1
    _tell(work, actor, placement, "placements.write_part", row)


def remove_part(work: Work, actor: Actor, placement_id: str, edition: int, part_id: str) -> None:
    """Take a part out of a package before the agreement is signed; its place is free again.

    The first part of a placement stays: it is what was awarded. Raises as add_part does.
    """
    placement = find_unsigned(work, actor, placement_id, edition)
    row = _part(work, placement, part_id)
    if row.number == 1:
        raise ConflictError("The first part stays. To give it up, end the placement.")
    row.ended_on = london_date(work.now)
    placement.edition += 1
    work.session.flush()
    if row.contract_id is not None:
        give_back_place(work, row.contract_id)
    _tell(work, actor, placement, "placements.remove_part", row)


def new_part(work: Work, placement: PlacementRow, supply: Supply, number: int) -> PlacementPartRow:
    """Return a part for a supply, with its place taken; raises as add_part does."""
    row = PlacementPartRow(
        id=new_id(), placement_id=placement.id, number=number, council_id=placement.council_id, added_at=work.now
    )
    if supply.contract_id:
        _under_contract(work, placement, row, supply.contract_id)
    else:
        _off_framework(row, supply)
    return row


def _under_contract(work: Work, placement: PlacementRow, row: PlacementPartRow, contract_id: str) -> None:
    contract = work.session.get(ContractRow, contract_id)
    if contract is None or contract.council_id != placement.council_id:
        raise NotFoundError
    take_block_place(work, contract.id, _first_day(work, placement))
    card = setting(work.session, contract.setting_id)
    row.contract_id, row.setting_id, row.provider_id = contract.id, card.id, card.provider_id
    row.supplier, row.route = card.name, _ROUTES[ContractKind(contract.kind)]
    if row.number == 1 and placement.lot_id is None and contract.kind == ContractKind.BLOCK:
        placement.lot_id = contract.lot_id


def _first_day(work: Work, placement: PlacementRow) -> date:
    today = london_date(work.now)
    return max(placement.starts_on or today, today)


def _off_framework(row: PlacementPartRow, supply: Supply) -> None:
    name, reference = supply.supplier.strip(), supply.bought_under.strip()
    if not name:
        raise InvalidInputError("supplier", "Choose a contract, or enter the name of the supplier.")
    if len(name) > _LONGEST_NAME:
        raise InvalidInputError("supplier", "Use at most {count} characters.", count=_LONGEST_NAME)
    if not reference or len(reference) > _LONGEST_REFERENCE:
        raise InvalidInputError(
            "bought_under",
            "Enter the reference under your contract procedure rules, with at most {count} characters. What is bought "
            "off the framework needs one.",
            count=_LONGEST_REFERENCE,
        )
    row.supplier, row.bought_under, row.route = name, reference, Route.OFF_FRAMEWORK_SPOT


def _write(row: PlacementPartRow, written: WrittenPart) -> None:
    service = written.service.strip()
    if not service or len(service) > _LONGEST_NAME:
        raise InvalidInputError(
            "service", "Say what the supplier does, in at most {count} characters.", count=_LONGEST_NAME
        )
    check_words("service", service, is_confirmed=written.is_confirmed)
    check_fees(written.fees)
    if written.weeks_a_year is not None and not 1 <= written.weeks_a_year <= MOST_WEEKS:
        raise InvalidInputError("weeks", "Enter the weeks a year, from 1 to {most}.", most=MOST_WEEKS)
    row.service, row.minutes_a_week, row.weeks_a_year = service, minutes_of(written.hours_a_week), written.weeks_a_year
    fees = written.fees
    row.education, row.care, row.therapy, row.transport = fees.education, fees.care, fees.therapy, fees.transport


def _parts(work: Work, placement_id: str) -> Sequence[PlacementPartRow]:
    found = select(PlacementPartRow).where(PlacementPartRow.placement_id == placement_id)
    return work.session.scalars(found.order_by(PlacementPartRow.number)).all()


def _part(work: Work, placement: PlacementRow, part_id: str) -> PlacementPartRow:
    for part in _parts(work, placement.id):
        if part.id == part_id and part.ended_on is None:
            return part
    raise NotFoundError


def _tell(work: Work, actor: Actor, placement: PlacementRow, action: str, row: PlacementPartRow) -> None:
    details = {"part": row.id, "route": row.route, "contract": row.contract_id}
    audit.record(work, actor=actor.id, action=action, subject=("placement", placement.id), details=details)


def write_first_part(row: PlacementPartRow, service: str, *, is_confirmed: bool) -> None:
    """Write what the first part of a package is; hours, weeks and fees come later. Raises InvalidInputError."""
    _write(row, WrittenPart(service, None, None, Fees(), is_confirmed))
