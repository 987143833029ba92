from __future__ import annotations

from dataclasses import dataclass, replace
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
from people.queries import contact_points, council_of, organisation, person, persons_by_address
from people.rules import normalise_address
from people.rules.roles import ITSELF, roles_to_invite
from people.tables import ContactPointRow, GrantRow, InvitationRow, OrganisationRow, PersonRow

PURPOSE = "people.invitation"
LASTS = timedelta(days=7)
_AGAIN_AFTER = timedelta(minutes=10)
_MOST_AN_HOUR = 30
_NOT_YOURS = "You cannot invite anybody to that role there."
_NO_EMAIL = "This person is known elsewhere too and has no email address here. Invite them by their email address."


@dataclass(frozen=True)
class Invite:
    """Whom to invite, to which role, where."""

    name: str
    email: str
    role: Role
    organisation_id: str


@dataclass(frozen=True)
class Invitee:
    """Who is invited, at which contact point; `is_new` tells that they are here only by invitation."""

    person_id: str
    contact_point_id: str
    is_new: bool


def invite(work: Work, actor: Actor, command: Invite) -> None:
    """Invite somebody by email; the outcome looks the same whether or not the address is known here.

    Somebody who is known by that address gets the role added when they accept; somebody new becomes a person then.
    An open invitation to the same is sent again instead. Raises ForbiddenError for a role that is not the actor's to
    invite to, or for an address of their own; InvalidInputError for a bad name or address, TooManyError for more than
    30 in an hour.
    """
    name, email = checked_name(command.name), normalise_address("email", command.email)
    _begin(work, actor, command.role, command.organisation_id)
    known = persons_by_address(work.session, "email", email)
    if any(card.id == actor.id for card in known):
        raise ForbiddenError(ITSELF)
    owner = next(iter(known), None)
    if owner is not None and owner.has(command.role, command.organisation_id):
        return
    _let_go_out(work, actor, replace(command, name=name), _invitee(work, owner, name, email))


def invite_known(work: Work, actor: Actor, person_id: str, command: Invite) -> None:
    """Invite somebody who is here already and whom the actor does not manage; the role is theirs once they accept.

    It goes to the command's address if that proved to be theirs, else to the first that did. Raises as invite does,
    and ConflictError for somebody without an email address that is proved.
    """
    _begin(work, actor, command.role, command.organisation_id)
    if person_id == actor.id:
        raise ForbiddenError(ITSELF)
    if person(work.session, person_id).has(command.role, command.organisation_id):
        return
    proved = [
        point
        for point in contact_points(work.session, person_id)
        if point.channel == "email" and point.verified_at is not None
    ]
    if not proved:
        raise ConflictError(_NO_EMAIL)
    point = next((point for point in proved if point.address == command.email), proved[0])
    _let_go_out(work, actor, command, Invitee(person_id, point.id, is_new=False))


def _begin(work: Work, actor: Actor, role: Role, organisation_id: str) -> None:
    """Refuse what is not the actor's to do, or too much of it."""
    if role not in invitable(work, actor, organisation_id):
        raise ForbiddenError(_NOT_YOURS)
    _check_rate(work, actor)
    # two who invite to one place at once stand in line, so that a new address is met once
    work.session.get(OrganisationRow, organisation_id, with_for_update={"key_share": True})


def _let_go_out(work: Work, actor: Actor, command: Invite, invitee: Invitee) -> None:
    row = _open_invitation(work, invitee.person_id, command)
    if row is None:
        row = InvitationRow(
            id=new_id(),
            name=command.name,
            person_id=invitee.person_id,
            contact_point_id=invitee.contact_point_id,
            role=command.role,
            organisation_id=command.organisation_id,
            is_new=invitee.is_new,
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


def _invitee(work: Work, owner: PersonCard | None, name: str, email: str) -> Invitee:
    kept = digests(work.session, email)
    at = select(ContactPointRow).where(ContactPointRow.channel == "email", ContactPointRow.address_digest.in_(kept))
    if owner is not None:
        own = at.where(ContactPointRow.person_id == owner.id, ContactPointRow.removed_at.is_(None))
        return Invitee(owner.id, work.session.scalars(own).one().id, is_new=False)
    waiting = select(InvitationRow.contact_point_id).where(InvitationRow.is_new, InvitationRow.ended_at.is_(None))
    point = work.session.scalars(at.where(ContactPointRow.id.in_(waiting)).order_by(ContactPointRow.id)).first()
    if point is not None and point.person_id is not None:
        return Invitee(point.person_id, point.id, is_new=True)
    person_id, point_id = new_id(), new_id()
    work.session.add(PersonRow(id=person_id, name=name, language="en", created_at=work.now, roles=[]))
    work.session.flush()
    stopped = suppressed_since(work, "email", email)
    point = ContactPointRow(id=point_id, person_id=person_id, channel="email", address=email, rank=0)
    point.opted_out_at = stopped
    work.session.add(point)
    work.session.flush()
    return Invitee(person_id, point_id, is_new=True)


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
