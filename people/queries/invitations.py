from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.errors import NotFoundError
from people.model import Role
from people.tables import ContactPointRow, InvitationRow, OrganisationRow


@dataclass(frozen=True)
class InvitationCard:
    """An invitation as whoever may send such sees it: the name and address that were entered, and nothing else."""

    id: str
    name: str
    email: str
    role: Role
    organisation: str
    sent_at: datetime
    expires_at: datetime


def open_invitations(session: Session, roles: Collection[tuple[Role, str]]) -> list[InvitationCard]:
    """Return the open invitations to any of these roles (role, organisation id), the latest first."""
    wanted = {(role.value, organisation_id) for role, organisation_id in roles}
    rows = (
        select(InvitationRow, ContactPointRow.address, OrganisationRow.name)
        .join(ContactPointRow, ContactPointRow.id == InvitationRow.contact_point_id)
        .join(OrganisationRow, OrganisationRow.id == InvitationRow.organisation_id)
        .where(InvitationRow.ended_at.is_(None))
        .where(InvitationRow.organisation_id.in_({organisation_id for _, organisation_id in wanted}))
        .order_by(InvitationRow.sent_at.desc(), InvitationRow.id.desc())
    )
    return [
        InvitationCard(row.id, row.name, address, Role(row.role), place, row.sent_at, row.expires_at)
        for row, address, place in session.execute(rows)
        if (row.role, row.organisation_id) in wanted
    ]


@dataclass(frozen=True)
class InvitationLetter:
    """What goes out: to whom, at which contact point, for what. `has_stopped`: that address has said STOP (V12)."""

    person_id: str
    contact_point_id: str
    name: str
    role: Role
    organisation: str
    is_open: bool
    has_stopped: bool
    grant_id: str


def invitation_letter(session: Session, invitation_id: str) -> InvitationLetter:
    """Return what an invitation's letter says; raises NotFoundError."""
    found = session.execute(
        select(InvitationRow, OrganisationRow.name, ContactPointRow.opted_out_at)
        .join(OrganisationRow, OrganisationRow.id == InvitationRow.organisation_id)
        .join(ContactPointRow, ContactPointRow.id == InvitationRow.contact_point_id)
        .where(InvitationRow.id == invitation_id)
    ).first()
    if found is None:
        raise NotFoundError
    row, place, stopped_at = found
    return InvitationLetter(
        person_id=row.person_id,
        contact_point_id=row.contact_point_id,
        name=row.name,
        role=Role(row.role),
        organisation=place,
        is_open=row.ended_at is None,
        has_stopped=stopped_at is not None,
        grant_id=row.grant_id,
    )
