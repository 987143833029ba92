"""Which organisations stand in the areas of the councils for which somebody holds a permission."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, case, or_, select
from sqlalchemy.orm import aliased

from people.model import Actor, OrganisationKind
from people.permissions import Permission, organisations_with
from people.tables import OrganisationRow

_HELD = aliased(OrganisationRow)


def _council(row: type[OrganisationRow]) -> ColumnElement[str | None]:
    """Return the council to which an organisation belongs: a council's own, a forum's area, none for a provider."""
    return case((row.kind == OrganisationKind.COUNCIL, row.id), else_=row.council_id)


def organisations_of_area(actor: Actor, permission: Permission) -> Select[str]:
    """Return the query of the ids of the organisations whose texts this person may read in a queue.

    Those of the councils for which the person holds the permission (the forum of a council's area is one of them),
    and those that belong to no council, such as providers: what nobody may see, nobody would answer.
    """
    held = organisations_with(actor, permission)
    own = _council(OrganisationRow)
    areas = select(_council(_HELD)).where(_HELD.id.in_(held), _council(_HELD).is_not(None))
    return select(OrganisationRow.id).where(or_(OrganisationRow.id.in_(held), own.is_(None), own.in_(areas)))
