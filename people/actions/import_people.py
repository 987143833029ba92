from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy import select, update

from kernel import audit
from kernel.errors import ConflictError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.actions.change_roles import givable, give_role
from people.actions.invite import Invite, invite_known
from people.actions.register_person import NewPerson, register_person
from people.model import Actor, Role
from people.queries.imports import what_will_be
from people.rules.importing import (
    GIVEN_UP,
    READY,
    WRITTEN,
    SheetPerson,
    sheet_person,
)
from people.rules.seeing import sight_of
from people.tables import ImportRow

LASTS = timedelta(hours=24)


@dataclass(frozen=True)
class Imported:
    """What an import did: how many people were added, got a role, were invited to it, and had it all."""

    added: int
    changed: int
    invited: int
    unchanged: int


def keep_import(work: Work, actor: Actor, people: Iterable[SheetPerson]) -> str:
    """Keep a sheet that was read without a fault for a day, to be looked at and written; return its id."""
    import_id = new_id()
    kept = [asdict(person) for person in people]
    work.session.add(
        ImportRow(id=import_id, person_id=actor.id, created_at=work.now, state=READY, people=kept, ended_at=None)
    )
    audit.record(work, actor=actor.id, action="people.import_read", subject=("import", import_id))
    return import_id


def write_import(work: Work, actor: Actor, import_id: str) -> Imported:
    """Write a sheet that was read: everybody or, where anything fails, nobody.

    Somebody known by address and name whom the actor manages only gets the role, if they lack it; somebody who works
    elsewhere is invited to it. Raises NotFoundError for an import that is not the actor's, ConflictError for one that
    was written or given up already or is older than a day, or if a role is no longer the actor's to give,
    TooManyError for more than 30 invitations in an hour.
    """
    people = _take(work, actor, import_id, WRITTEN)
    given: dict[str, tuple[Role, ...]] = {}
    done: Counter[str] = Counter()
    for person in people:
        if person.organisation_id not in given:
            given[person.organisation_id] = givable(work, actor, person.organisation_id)
        if person.role not in given[person.organisation_id]:
            raise ConflictError("The role in row {row} is not yours to give any more.", row=person.row)
        done[_write(work, actor, person)] += 1
    added, changed = done["new"] + done["shared"], done["role"]
    counts = {"added": added, "changed": changed}
    work.session.execute(update(ImportRow).where(ImportRow.id == import_id).values(**counts))
    audit.record(work, actor=actor.id, action="people.import_written", subject=("import", import_id), details=counts)
    return Imported(added, changed, done["invited"], done["there"])


def _write(work: Work, actor: Actor, person: SheetPerson) -> str:
    """Write one person of a sheet; return what that was."""
    what, owner = what_will_be(work.session, sight_of(actor), person)
    if owner is None:
        register_person(work, _new(person), actor=actor.id)
    elif what == "role":
        give_role(work, actor, owner.id, person.role, person.organisation_id)
    elif what == "invited":
        email = dict(person.contact_points)["email"]
        invite_known(work, actor, owner.id, Invite(person.name, email, person.role, person.organisation_id))
    return what


def give_up_import(work: Work, actor: Actor, import_id: str) -> None:
    """Forget a sheet that was read. Raises as write_import does."""
    _take(work, actor, import_id, GIVEN_UP)
    audit.record(work, actor=actor.id, action="people.import_given_up", subject=("import", import_id))


def _new(person: SheetPerson) -> NewPerson:
    roles = ((person.role, person.organisation_id),)
    return NewPerson(person.name, person.language, roles, person.contact_points)


def _take(work: Work, actor: Actor, import_id: str, state: str) -> list[SheetPerson]:
    """End an import and return its people; of two at once only one gets them."""
    found = select(ImportRow).where(ImportRow.id == import_id, ImportRow.person_id == actor.id)
    row = work.session.scalars(found.with_for_update()).first()
    if row is None:
        raise NotFoundError
    if row.state != READY:
        raise ConflictError("This file was dealt with already. Look at the list of people, or read the file again.")
    if row.created_at < work.now - LASTS:
        raise ConflictError("This file was read more than a day ago. Read it again.")
    people = [sheet_person(kept) for kept in row.people]
    row.state, row.people, row.ended_at = state, [], work.now
    work.session.flush()
    return people
