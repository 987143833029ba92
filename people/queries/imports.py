from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.errors import NotFoundError
from people.model import Actor, PersonCard
from people.queries import persons_by_address
from people.queries.accounts import has_account
from people.queries.directory import manages
from people.rules.importing import READY, SheetPerson, known_as, sheet_person
from people.rules.seeing import FAMILY_ROLES, Sight
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


def what_will_be(session: Session, sight: Sight, person: SheetPerson) -> tuple[str, PersonCard | None]:
    """Say what writing a person of the sheet will do, and to whom: add, give a role, invite to it, or nothing.

    Whoever reads the sheet gives roles to those whom they manage. Somebody who works elsewhere is invited, and of a
    family elsewhere they learn nothing: it is registered here on its own.
    """
    reached = [(channel, persons_by_address(session, channel, address)) for channel, address in person.contact_points]
    here = [card for _, owners in reached for card in owners if manages(session, sight, card.id)]
    mailbox = [card for channel, owners in reached for card in owners if channel == "email"]
    owner, other = known_as(here, person), known_as(mailbox, person)
    if owner is None and other is not None and _is_invited(session, other, person):
        owner, what = other, "invited"
    else:
        what = "role" if owner else "shared" if here else "new"
    if owner is not None and (owner.id == sight.actor_id or owner.has(person.role, person.organisation_id)):
        what = "there"
    return what, owner


def _is_invited(session: Session, other: PersonCard, person: SheetPerson) -> bool:
    return person.role not in FAMILY_ROLES and has_account(session, other.id)
