from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Subquery, or_, select

from people.model import Role
from people.tables import RoleRow


def holders(role: Role) -> Subquery:
    """Select who has a role where, as `person_id` and `organisation_id`: for statements that join it to their rows.

    Whoever leaves an organisation has no role there any more.
    """
    return select(RoleRow.person_id, RoleRow.organisation_id).where(RoleRow.role == role).subquery()


def hears_for(
    users: Subquery, organisation_id: ColumnElement[Any], contact_id: ColumnElement[Any]
) -> ColumnElement[bool]:
    """Say of `holders` that they hear what is for an organisation and its contact.

    That is the contact, and once the contact has no such role there any more, each who has: nothing goes to somebody
    who left, and nothing is lost because they did (A2).
    """
    contacts = users.alias()
    is_here = (
        select(contacts.c.person_id)
        .where(contacts.c.person_id == contact_id, contacts.c.organisation_id == organisation_id)
        .correlate_except(contacts)
        .exists()
    )
    return (users.c.organisation_id == organisation_id) & or_(users.c.person_id == contact_id, ~is_here)
