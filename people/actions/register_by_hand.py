from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from kernel.errors import ForbiddenError
from kernel.sealing import digests
from kernel.work import Work
from people.actions.change_contact_points import add_contact_point
from people.actions.change_roles import givable
from people.actions.edit_person import checked_name
from people.actions.register_person import NewPerson, register_person
from people.model import Actor, Role
from people.rules import normalise_address
from people.rules.merging import normalised_name
from people.tables import ContactPointRow, OrganisationRow, PersonRow, RoleRow


@dataclass(frozen=True)
class RegisterByHand:
    """Somebody to register in one role with one address; `is_attested`: they gave it themselves, in writing."""

    name: str
    language: str
    role: Role
    organisation_id: str
    channel: str
    address: str
    is_attested: bool


def register_by_hand(work: Work, actor: Actor, command: RegisterByHand) -> str:
    """Register a person and return their id; the same again returns the one that is there.

    An address that they did not give themselves gets a code first, and nothing else until it is back. One that said
    STOP stays closed (V12), and whoever registers is told the same. Raises
    ForbiddenError for a role that is not the actor's to give, InvalidInputError for a bad name or address.
    """
    if command.role not in givable(work, actor, command.organisation_id):
        raise ForbiddenError("You cannot give that role there.")
    name = checked_name(command.name)
    address = normalise_address(command.channel, command.address)
    # whoever presses twice stands in line behind the organisation, and finds the first one's person
    work.session.get(OrganisationRow, command.organisation_id, with_for_update={"key_share": True})
    there = _there_already(work, command, name, address)
    if there is not None:
        return there
    points = ((command.channel, address),) if command.is_attested else ()
    roles = ((command.role, command.organisation_id),)
    person_id = register_person(work, NewPerson(name, command.language, roles, points), actor=actor.id)
    if not command.is_attested:
        add_contact_point(work, actor, person_id, command.channel, address)
    return person_id


def _there_already(work: Work, command: RegisterByHand, name: str, address: str) -> str | None:
    """Return who has that name, role and address here already."""
    kept = digests(work.session, address)
    same = (
        select(PersonRow.id, PersonRow.name)
        .join(RoleRow, RoleRow.person_id == PersonRow.id)
        .join(ContactPointRow, ContactPointRow.person_id == PersonRow.id)
        .where(
            RoleRow.role == command.role,
            RoleRow.organisation_id == command.organisation_id,
            ContactPointRow.channel == command.channel,
            ContactPointRow.address_digest.in_(kept),
            ContactPointRow.removed_at.is_(None),
        )
        .order_by(PersonRow.id)
    )
    wanted = normalised_name(name)
    return next((row.id for row in work.session.execute(same) if normalised_name(row.name) == wanted), None)
