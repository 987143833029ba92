from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.errors import NotFoundError
from people.model import Actor
from people.queries import persons_by_address
from people.rules_importing import READY, SheetPerson, known_as, sheet_person
from people.tables import ImportRow


@dataclass(frozen=True)
class ImportCard:
    """A sheet that was read: its people while it waits to be written, else what came of it."""

    id: str
    created_at: datetime
    is_ready: bool
    people: tuple[SheetPerson, ...]


def import_of(session: Session, actor: Actor, import_id: str) -> ImportCard:
    """Return an import of the actor's own; raises NotFoundError for any other."""
    found = select(ImportRow).where(ImportRow.id == import_id, ImportRow.person_id == actor.id)
    row = session.scalars(found).first()
    if row is None:
        raise NotFoundError
    return ImportCard(row.id, row.created_at, row.state == READY, tuple(sheet_person(kept) for kept in row.people))


def what_will_be(session: Session, person: SheetPerson) -> str:
    """Say what writing a person of the sheet will do: add, give a role, or nothing."""
    found = [persons_by_address(session, channel, address) for channel, address in person.contact_points]
    owners = [card for of_one in found for card in of_one]
    owner = known_as(owners, person)
    if owner is None:
        return "shared" if owners else "new"
    return "there" if owner.has(person.role, person.organisation_id) else "role"
