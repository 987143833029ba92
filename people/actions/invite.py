from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update

from kernel import audit
from kernel.errors import ConflictError, ForbiddenError, NotFoundError, TooManyError
from kernel.events import publish
from kernel.ids import new_id
from kernel.sealing import digests
from kernel.work import Work
from people.actions.edit_person import checked_name
from people.actions.issue_grant import issue_grant
from people.actions.suppress_address import suppressed_since
from people.events import InvitationSent
from people.model import Actor, PersonCard, Role
from people.queries import council_of, organisation, persons_by_address
from people.rules import normalise_address
from people.rules_roles import roles_to_invite
from people.tables import ContactPointRow, GrantRow, InvitationRow, OrganisationRow, PersonRow

PURPOSE = "people.invitation"
LASTS = timedelta(days=7)
_AGAIN_AFTER = timedelta(minutes=10)
_MOST_AN_HOUR = 30
_NOT_YOURS = "You cannot invite anybody to that role there."


@dataclass(frozen=True)
class Invite:
    """Whom to invite, to which role, where."""

    name: str
    email: str
    role: Role
    organisation_id: str


def invite(work: Work, actor: Actor, command: Invite) -> None:
    """Invite somebody by email; the outcome looks the same whether or not the address is known here.

    Somebody who is known by that address gets the role added when they accept; somebody new becomes a person then.
    An open invitation to the same is sent again instead. Raises ForbiddenError for a role that is not the actor's to
    invite to, InvalidInputError for a bad name or address, TooManyError for more than 30 in an hour.
    """
    if command.role not in invitable(work, actor, command.organisation_id):
        raise ForbiddenError(_NOT_YOURS)
    name, email = checked_name(command.name), normalise_address("email", command.email)
    _check_rate(work, actor)
    # two who invite to one place at once stand in line, so that a new address is met once
    work.session.get(OrganisationRow, command.organisation_id, with_for_update={"key_share": True})
    known = persons_by_address(work.session, "email", email)
    owner = next(iter(known), None)
    if owner is not None and owner.has(command.role, command.organisation_id):
        return
    person_id, point_id, is_new = _invitee(work, owner, name, email)
    row = _open_invitation(work, person_id, command)
    if row is None:
        row = InvitationRow(
            id=new_id(),
            name=name,
            person_id=person_id,
            contact_point_id=point_id,
            role=command.role,
            organisation_id=command.organisation_id,
            is_new=is_new,
            invited_by=actor.id,
            created_at=work.now,
        )
        _send(work, row)
        work.session.add(row)
        work.session.flush()
        _record(work, actor, "people.invited", row)
    elif row.sent_at <= work.now - _AGAIN_AFTER:
        _send(work, row)


def invitable(work: Work, actor: Actor, organisation_id: str) -> tuple[Role, ...]:
    """Return the roles to which an actor may invite in an organisation; raises NotFoundError for an unknown one."""
    council = council_of(work.session, organisation_id)
    return roles_to_invite(actor, organisation(work.session, organisation_id), council.id if council else None)


def resend_invitation(work: Work, actor: Actor, invitation_id: str) -> None:
    """Send an invitation again with a new link, for 7 more days; the link before it opens nothing any more.

    Raises NotFoundError for one that is not the actor's to see or has ended, ConflictError within 10 minutes.
    """
    row = own_invitation(work, actor, invitation_id)
    if row.ended_at is not None:
        raise NotFoundError
    if row.sent_at > work.now - _AGAIN_AFTER:
        raise ConflictError("It was sent a moment ago. Give it 10 minutes to arrive.")
    _send(work, row)
    _record(work, actor, "people.invitation_sent", row)


def withdraw_invitation(work: Work, actor: Actor, invitation_id: str) -> None:
    """Take an invitation back; twice does no harm. Raises NotFoundError for one that is not the actor's to see."""
    row = own_invitation(work, actor, invitation_id)
    if row.ended_at is not None:
        return
    row.ended_at, row.ended_why = work.now, "withdrawn"
    _void_link(work, row)
    _record(work, actor, "people.invitation_withdrawn", row)


def own_invitation(work: Work, actor: Actor, invitation_id: str) -> InvitationRow:
    """Return an invitation to a role to which the actor may invite, locked; raises NotFoundError."""
    row = work.session.get(InvitationRow, invitation_id, with_for_update=True)
    if row is None or Role(row.role) not in invitable(work, actor, row.organisation_id):
        raise NotFoundError
    return row


def _check_rate(work: Work, actor: Actor) -> None:
    lately = select(func.count()).where(
        InvitationRow.invited_by == actor.id, InvitationRow.created_at > work.now - timedelta(hours=1)
    )
    if (work.session.scalar(lately) or 0) >= _MOST_AN_HOUR:
        raise TooManyError("You have sent 30 invitations in an hour. Try again later.")


def _invitee(work: Work, owner: PersonCard | None, name: str, email: str) -> tuple[str, str, bool]:
    """Return person and contact point, and whether they are here only by invitation."""
    kept = digests(work.session, email)
    at = select(ContactPointRow).where(ContactPointRow.channel == "email", ContactPointRow.address_digest.in_(kept))
    if owner is not None:
        own = at.where(ContactPointRow.person_id == owner.id, ContactPointRow.removed_at.is_(None))
        return owner.id, work.session.scalars(own).one().id, False
    waiting = select(InvitationRow.contact_point_id).where(InvitationRow.is_new, InvitationRow.ended_at.is_(None))
    point = work.session.scalars(at.where(ContactPointRow.id.in_(waiting)).order_by(ContactPointRow.id)).first()
    if point is not None and point.person_id is not None:
        return point.person_id, point.id, True
    person_id, point_id = new_id(), new_id()
    work.session.add(PersonRow(id=person_id, name=name, language="en", created_at=work.now, roles=[]))
    work.session.flush()
    stopped = suppressed_since(work, "email", email)
    point = ContactPointRow(id=point_id, person_id=person_id, channel="email", address=email, rank=0)
    point.opted_out_at = stopped
    work.session.add(point)
    work.session.flush()
    return person_id, point_id, True


def _open_invitation(work: Work, person_id: str, command: Invite) -> InvitationRow | None:
    same = select(InvitationRow).where(
        InvitationRow.person_id == person_id,
        InvitationRow.role == command.role,
        InvitationRow.organisation_id == command.organisation_id,
        InvitationRow.ended_at.is_(None),
    )
    return work.session.scalars(same.with_for_update()).first()


def _send(work: Work, row: InvitationRow) -> None:
    """Make a link, void the one before, and let it go out."""
    if row.grant_id is not None:
        _void_link(work, row)
    row.sent_at, row.expires_at = work.now, work.now + LASTS
    row.grant_id = issue_grant(work, purpose=PURPOSE, target=row.id, expires_at=row.expires_at, person_id=row.person_id)
    publish(work, InvitationSent(row.id, row.grant_id))


def _void_link(work: Work, row: InvitationRow) -> None:
    change = update(GrantRow).where(GrantRow.id == row.grant_id, GrantRow.spent_at.is_(None))
    work.session.execute(change.values(spent_at=work.now))


def _record(work: Work, actor: Actor, action: str, row: InvitationRow) -> None:
    details = {"role": row.role, "organisation": row.organisation_id, "invitation": row.id}
    audit.record(work, actor=actor.id, action=action, subject=("person", row.person_id), details=details)
