from __future__ import annotations

from sqlalchemy.orm import Session

from people import areas
from people.model import Actor
from people.permissions import Permission


def organisations_of_area(session: Session, actor: Actor, permission: Permission) -> list[str]:
    """Return the organisations whose texts this person may read in a queue, in one statement."""
    return list(session.scalars(areas.organisations_of_area(actor, permission)))
