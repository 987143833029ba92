from __future__ import annotations

from sqlalchemy import delete, or_, select, update

from kernel import audit
from kernel.errors import ConflictError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.actions.change_roles import givable, grant_role, remember_role
from people.actions.end_sessions import LEFT, end_sessions_of
from people.model import Actor, Role
from people.rules.leaving import HeldRole, check_leaving
from people.tables import DelegationRow, GrantRow, InvitationRow, LeavingRow, PersonRow, RoleRow

_BACK = "They have not left, or can no longer be brought back."


def mark_leaver(work: Work, actor: Actor, person_id: str) -> None:
    """Record that somebody has left: from this moment on they are nobody here, on the web and on every channel.

    Their sessions end, their roles go (and are kept for the way back), what they were to represent or had in hand as
    links is over. Doing it twice does no harm. Raises NotFoundError for somebody whom the actor does not manage,
    ConflictError for the last administrator or somebody with a role elsewhere.
    """
    row = _locked(work, person_id)
    if row.left_at is not None:
        return
    roles = _roles_to_end(work, actor, person_id)
    row.left_at = work.now
    work.session.add(LeavingRow(id=new_id(), person_id=person_id, roles=roles, left_at=work.now))
    work.session.execute(delete(RoleRow).where(RoleRow.person_id == person_id))
    for role, organisation_id in roles:
        remember_role(work, person_id, role, organisation_id)
    _end_what_is_open(work, person_id)
    ended = end_sessions_of(work, person_id, LEFT, actor=actor.id)
    work.session.flush()
    work.session.expire_all()
    details = {"roles": roles, "sessions": ended}
    audit.record(work, actor=actor.id, action="people.left", subject=("person", person_id), details=details)


def undo_leaving(work: Work, actor: Actor, person_id: str) -> None:
    """Bring somebody back with the roles that they had; they sign in anew.

    Raises ConflictError for somebody who has not left or was erased, NotFoundError where a role is not the actor's
    to give.
    """
    row = _locked(work, person_id)
    latest = select(LeavingRow).where(LeavingRow.person_id == person_id, LeavingRow.undone_at.is_(None))
    leaving = work.session.scalars(latest.order_by(LeavingRow.id.desc()).limit(1)).first()
    if leaving is None or row.left_at is None or row.merged_into_id is not None:
        raise ConflictError(_BACK)
    if not all(Role(role) in givable(work, actor, organisation_id) for role, organisation_id in leaving.roles):
        raise NotFoundError
    row.left_at, leaving.undone_at = None, work.now
    work.session.flush()
    for role, organisation_id in leaving.roles:
        grant_role(work, person_id, Role(role), organisation_id)
    details = {"roles": leaving.roles}
    audit.record(work, actor=actor.id, action="people.came_back", subject=("person", person_id), details=details)


def _locked(work: Work, person_id: str) -> PersonRow:
    row = work.session.get(PersonRow, person_id, with_for_update=True)
    if row is None:
        raise NotFoundError
    return row


def _roles_to_end(work: Work, actor: Actor, person_id: str) -> list[list[str]]:
    """Return [role, organisation id] for all that a person holds, if the actor may end all of it."""
    own = select(RoleRow.role, RoleRow.organisation_id).where(RoleRow.person_id == person_id)
    held = work.session.execute(own.order_by(RoleRow.role, RoleRow.organisation_id)).all()
    check_leaving(actor.id, person_id, [_held(work, actor, role, place) for role, place in held])
    return [[role, organisation_id] for role, organisation_id in held]


def _held(work: Work, actor: Actor, role: str, organisation_id: str) -> HeldRole:
    shells = select(PersonRow.id).where(PersonRow.merged_into_id.is_not(None))
    same = select(RoleRow.person_id).where(
        RoleRow.role == role, RoleRow.organisation_id == organisation_id, RoleRow.person_id.not_in(shells)
    )
    holders = work.session.scalars(same.order_by(RoleRow.person_id).with_for_update()).all()
    return HeldRole(Role(role), Role(role) in givable(work, actor, organisation_id), holders)


def _end_what_is_open(work: Work, person_id: str) -> None:
    """End delegations to and by the person, invitations of them, and the links that they hold."""
    changes = (
        update(DelegationRow)
        .where(or_(DelegationRow.person_id == person_id, DelegationRow.delegate_id == person_id))
        .where(DelegationRow.ended_at.is_(None))
        .values(ended_at=work.now),
        update(InvitationRow)
        .where(InvitationRow.person_id == person_id, InvitationRow.ended_at.is_(None))
        .values(ended_at=work.now, ended_why=LEFT),
        update(GrantRow)
        .where(GrantRow.person_id == person_id, GrantRow.spent_at.is_(None), GrantRow.expires_at > work.now)
        .values(expires_at=work.now),
    )
    for change in changes:
        work.session.execute(change.execution_options(synchronize_session=False))
