from __future__ import annotations

from sqlalchemy.orm import Session

from people.model import Actor
from people.permissions import Permission, organisations_with
from people.queries import council_of, organisations


def organisations_of_area(session: Session, actor: Actor, permission: Permission) -> list[str]:
    """Return the organisations whose texts this person may read in a queue.

    Those of the councils for which the person holds the permission (the forum of a council's area is one of them),
    and those that belong to no council, such as providers: what nobody may see, nobody would answer.
    """
    held = organisations_with(actor, permission)
    areas = {council.id for organisation_id in held if (council := council_of(session, organisation_id)) is not None}
    found = [place.id for place in organisations(session)]
    return [
        organisation_id
        for organisation_id in found
        if (council := council_of(session, organisation_id)) is None or council.id in areas or organisation_id in held
    ]
