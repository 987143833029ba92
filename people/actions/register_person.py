from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from kernel import audit
from kernel.errors import InvalidInputError
from kernel.ids import new_id
from kernel.translation import LOCALES
from kernel.work import Work
from people.actions.suppress_address import stopped_since
from people.model import Role
from people.rules import normalise_address
from people.tables import ConsentRow, ContactPointRow, PersonRow, RoleRow

_BASIS = "public_task"


@dataclass(frozen=True)
class NewPerson:
    """Whom to register. `contact_points` are (channel, address), the preferred one first."""

    name: str
    language: str = "en"
    roles: tuple[tuple[Role, str], ...] = ()
    contact_points: tuple[tuple[str, str], ...] = ()
    quiet_from: time | None = None
    quiet_to: time | None = None


def register_person(work: Work, new: NewPerson, *, actor: str = audit.SYSTEM) -> str:
    """Register a person with roles and contact points and return their id.

    Raises InvalidInputError for an unknown language or an address that its channel cannot reach.
    """
    if new.language not in LOCALES:
        raise InvalidInputError("language", "The hub does not speak {language} yet.", language=new.language)
    person_id = new_id()
    work.session.add(
        PersonRow(
            id=person_id,
            name=re.sub(r"\s+", " ", new.name).strip(),
            language=new.language,
            quiet_from=new.quiet_from,
            quiet_to=new.quiet_to,
            created_at=work.now,
            roles=[RoleRow(role=role, organisation_id=organisation_id) for role, organisation_id in new.roles],
        )
    )
    work.session.flush()
    for rank, (channel, address) in enumerate(new.contact_points):
        add_contact_point(work, person_id, channel, address, rank=rank)
    audit.record(work, actor=actor, action="people.register", subject=("person", person_id))
    return person_id


def add_contact_point(work: Work, person_id: str, channel: str, address: str, *, rank: int) -> str:
    """Add a contact point with its consent and return its id; raises InvalidInputError for a bad address."""
    contact_point_id = new_id()
    kept = normalise_address(channel, address)
    work.session.add(
        ContactPointRow(
            id=contact_point_id,
            person_id=person_id,
            channel=channel,
            address=kept,
            rank=rank,
            verified_at=work.now,
            opted_out_at=stopped_since(work, channel, kept),
        )
    )
    work.session.add(ConsentRow(id=new_id(), person_id=person_id, channel=channel, basis=_BASIS, given_at=work.now))
    return contact_point_id
