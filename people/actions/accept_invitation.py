from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update

from kernel import audit
from kernel.errors import NotFoundError, TooLateError
from kernel.work import Work
from people.actions.change_consent import give_consent
from people.actions.change_roles import grant_role
from people.actions.invite import PURPOSE, invitable
from people.actions.issue_grant import spend_grant
from people.model import Role
from people.queries import open_grant, person
from people.queries.accounts import has_account
from people.queries.directory import manages
from people.rules.seeing import sight_of
from people.tables import ContactPointRow, InvitationRow, PersonRow

_OVER = "This invitation is no longer open. Ask whoever invited you for a new one."


@dataclass(frozen=True)
class Accepted:
    """Who accepted; `may_sign_in` where the link alone is enough, because the account began with it."""

    person_id: str
    may_sign_in: bool


def accept_invitation(work: Work, token: str) -> Accepted:
    """Spend an invitation's link: its person has the role from now on, and their email is proved.

    Whoever invited must still have the say there, and be somebody else. Somebody who had an account before signs in as
    always: a link that lives for a week opens no account that is older than it. Where an account begins, only the
    invited address is proved, unless whoever invited looked after all that this person was. Raises NotFoundError or
    TooLateError for a link that leads nowhere.
    """
    grant = open_grant(work.session, token, PURPOSE, work.now)
    spend_grant(work, grant.id)
    row = work.session.get(InvitationRow, grant.target, with_for_update=True)
    if row is None:
        raise NotFoundError
    role = Role(row.role)
    inviter = person(work.session, row.invited_by)
    if row.ended_at is not None or role not in invitable(work, inviter, row.organisation_id):
        raise TooLateError(_OVER)
    who = work.session.get(PersonRow, person(work.session, row.person_id).id, with_for_update=True)
    if who is None or who.left_at is not None or who.id == inviter.id:
        raise TooLateError(_OVER)
    is_first = not has_account(work.session, who.id)
    if is_first and not manages(work.session, sight_of(inviter), who.id):
        _prove_no_other(work, row, who.id)
    who.name = who.name or row.name
    row.ended_at, row.ended_why = work.now, "accepted"
    _prove_email(work, row, who.id)
    grant_role(work, who.id, role, row.organisation_id)
    details = {"role": row.role, "organisation": row.organisation_id, "invitation": row.id}
    audit.record(work, actor=who.id, action="people.invitation_accepted", subject=("person", who.id), details=details)
    return Accepted(who.id, may_sign_in=row.is_new and is_first and row.person_id == who.id)


def _prove_no_other(work: Work, row: InvitationRow, person_id: str) -> None:
    """Let the other addresses prove nothing any more: others entered them, and they would open the new account."""
    others = update(ContactPointRow).where(
        ContactPointRow.person_id == person_id, ContactPointRow.id != row.contact_point_id
    )
    work.session.execute(others.values(verified_at=None))


def _prove_email(work: Work, row: InvitationRow, person_id: str) -> None:
    point = work.session.get(ContactPointRow, row.contact_point_id, with_for_update=True)
    if point is not None and point.verified_at is None:
        point.verified_at = work.now
        give_consent(work, person_id, person_id, "email", "public_task")
