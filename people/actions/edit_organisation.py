from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select

from kernel import audit
from kernel.errors import ForbiddenError, InvalidInputError, NotFoundError
from kernel.work import Work
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.model import Actor, OrganisationKind
from people.permissions import Permission, organisations_with
from people.tables import OrganisationRow

LONGEST_NAME = 200


@dataclass(frozen=True)
class WriteOrganisation:
    """What an organisation is called and, if it has ended, since when. `council_id` is a forum's."""

    kind: OrganisationKind
    name: str
    ended_on: date | None = None
    council_id: str | None = None


def kinds_to_write(actor: Actor) -> tuple[OrganisationKind, ...]:
    """Return which kinds an actor may register: the lead authority providers, an administrator their own forum."""
    kinds = []
    if organisations_with(actor, Permission.PROVIDERS_MANAGE):
        kinds.append(OrganisationKind.PROVIDER)
    if organisations_with(actor, Permission.ADMINISTER):
        kinds.append(OrganisationKind.FORUM)
    return tuple(kinds)


def may_edit(actor: Actor, kind: OrganisationKind, council_id: str | None) -> bool:
    """Tell whether an actor may change such an organisation; councils themselves come from the register (C2)."""
    if kind is OrganisationKind.PROVIDER:
        return kind in kinds_to_write(actor)
    return kind is OrganisationKind.FORUM and council_id in organisations_with(actor, Permission.ADMINISTER)


def add_organisation(work: Work, actor: Actor, command: WriteOrganisation) -> str:
    """Register a provider or a forum and return its id; the same again returns the one that is there.

    One council area has one forum (A1). Raises ForbiddenError, and InvalidInputError for a bad name or a forum that
    its council has already.
    """
    if not may_edit(actor, command.kind, command.council_id):
        raise ForbiddenError
    name = _checked_name(command.name)
    # two who register at once stand in line behind the council
    council_id = command.council_id or organisations_with(actor, Permission.PROVIDERS_MANAGE)[0]
    work.session.get(OrganisationRow, council_id, with_for_update={"key_share": True})
    same = work.session.scalars(_alike(command, name)).first()
    if same is not None:
        return _again(same, name)
    new = NewOrganisation(command.kind, name, council_id=command.council_id)
    return register_organisation(work, new, actor=actor.id)


def _alike(command: WriteOrganisation, name: str) -> Select[OrganisationRow]:
    row = OrganisationRow
    alike = select(row).where(row.kind == command.kind, row.ended_on.is_(None))
    if command.kind is OrganisationKind.FORUM:
        return alike.where(row.council_id == command.council_id)
    return alike.where(func.lower(row.name) == name.lower())


def _again(same: OrganisationRow, name: str) -> str:
    if same.name == name:
        return same.id
    sentence = "This council has a forum already: {there}." if same.council_id else "There is one: {there}."
    raise InvalidInputError("name", sentence, there=same.name)


def edit_organisation(work: Work, actor: Actor, organisation_id: str, command: WriteOrganisation) -> None:
    """Change what an organisation is called, or note that it has ended; raises NotFoundError, InvalidInputError."""
    row = work.session.get(OrganisationRow, organisation_id, with_for_update=True)
    if row is None or not may_edit(actor, OrganisationKind(row.kind), row.council_id):
        raise NotFoundError
    new = {"name": _checked_name(command.name), "ended_on": command.ended_on}
    changed = sorted(field for field, value in new.items() if getattr(row, field) != value)
    if not changed:
        return
    for field in changed:
        setattr(row, field, new[field])
    subject = ("organisation", organisation_id)
    audit.record(work, actor=actor.id, action="people.edit_organisation", subject=subject, details={"changed": changed})


def _checked_name(written: str) -> str:
    name = re.sub(r"\s+", " ", written).strip()
    if not name:
        raise InvalidInputError("name", "Enter a name")
    if len(name) > LONGEST_NAME:
        raise InvalidInputError("name", "The name is too long: 200 letters at most")
    return name
