from __future__ import annotations

from dataclasses import dataclass

from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ForbiddenError, InvalidInputError
from kernel.events import publish
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.actions.placements.begin_placement import free_reference
from referrals.actions.placements.write_parts import Supply, new_part, write_first_part
from referrals.events import PlacementBegun
from referrals.model import YEAR_GROUPS
from referrals.model.placements import PlacementKind
from referrals.rules.placements import phase_end
from referrals.tables.placements import PlacementRow


@dataclass(frozen=True)
class BeginPackage:
    """Begin a package of education support by hand, with its first supplier; the others are added as parts."""

    council_id: str
    year_group: str
    supply: Supply
    service: str
    is_confirmed: bool


def begin_package(work: Work, actor: Actor, command: BeginPackage) -> str:
    """Begin a package under a contract or off the framework, one call-off with parts; return the placement's id.

    Raises ForbiddenError for another council, NotFoundError for another's contract, ConflictError where no place is
    left under it (R6), InvalidInputError.
    """
    if command.council_id not in organisations_with(actor, Permission.PLACEMENTS_MANAGE):
        raise ForbiddenError
    if command.year_group not in YEAR_GROUPS:
        raise InvalidInputError("year_group", "Choose the year group.")
    ends_on = phase_end(command.year_group, london_date(work.now))
    row = PlacementRow(
        id=new_id(),
        reference=free_reference(work),
        council_id=command.council_id,
        kind=PlacementKind.PACKAGE,
        learner_code="",
        outcomes="",
        ends_on=ends_on,
        phase_ends_on=ends_on,
        council_contact_id=actor.id,
        created_at=work.now,
        created_by=actor.id,
    )
    part = new_part(work, row, command.supply, 1)
    write_first_part(part, command.service, is_confirmed=command.is_confirmed)
    row.route, row.supplier = part.route, part.supplier
    row.setting_id, row.provider_id = part.setting_id, part.provider_id
    work.session.add(row)
    work.session.flush()
    work.session.add(part)
    work.session.flush()
    details = {"route": row.route, "contract": part.contract_id}
    audit.record(work, actor=actor.id, action="placements.begin", subject=("placement", row.id), details=details)
    publish(work, PlacementBegun(row.id, row.council_id, "", row.route))
    return row.id
