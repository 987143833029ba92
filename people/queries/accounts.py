from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from people.model import ContactPoint
from people.permissions import PERMISSIONS, Permission
from people.queries import contact_points
from people.tables import InvitationRow, PastRoleRow, RoleRow

ACCOUNT_ROLES = frozenset(role for role, given in PERMISSIONS.items() if Permission.OWN_ACCOUNT in given)


def has_account(session: Session, person_id: str) -> bool:
    """Tell whether somebody holds, or once held, a role that opens an account; what was theirs then is theirs still."""
    tables = (RoleRow, PastRoleRow)
    held = (
        select(row.person_id).where(row.person_id == person_id, row.role.in_(ACCOUNT_ROLES)).exists() for row in tables
    )
    accepted = select(InvitationRow.id).where(
        InvitationRow.person_id == person_id, InvitationRow.ended_why == "accepted"
    )
    return bool(session.scalar(select(or_(*held, accepted.exists()))))


def proved_points(session: Session, person_id: str) -> list[ContactPoint]:
    """Return where somebody is told what befalls their account: every address that proved to be theirs."""
    return [
        point
        for point in contact_points(session, person_id)
        if point.verified_at is not None and point.channel != "web"
    ]
