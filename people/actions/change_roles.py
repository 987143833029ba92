from __future__ import annotations

from sqlalchemy import delete, select

from kernel import audit
from kernel.errors import ConflictError, NotFoundError
from kernel.events import insert_ignore
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor, Role
from people.queries import council_of, organisation
from people.queries.directory import manages
from people.rules.roles import check_ending, check_giving, roles_to_give
from people.rules.seeing import sight_of
from people.tables import PastRoleRow, PersonRow, RoleRow


def give_role(work: Work, actor: Actor, person_id: str, role: Role, organisation_id: str) -> None:
    """Give a person a role; giving it twice does no harm.

    Raises ForbiddenError for a role that is not the actor's to give, or to oneself; NotFoundError for somebody
    unknown; ConflictError for somebody who has left, or whom the actor does not manage: they accept a role themselves
    (people.actions.invite.invite_known).
    """
    check_giving(actor, person_id, role, givable(work, actor, organisation_id))
    row = work.session.get(PersonRow, person_id, with_for_update=True)
    if row is None or row.merged_into_id is not None:
        raise NotFoundError
    if row.left_at is not None:
        raise ConflictError("This person has left. Bring them back first.")
    if not manages(work.session, sight_of(actor), person_id):
        raise ConflictError("This person is known elsewhere too. Invite them, so that they accept the role themselves.")
    if grant_role(work, person_id, role, organisation_id):
        _record(work, actor.id, "people.role_given", person_id, role, organisation_id)


def end_role(work: Work, actor: Actor, person_id: str, role: Role, organisation_id: str) -> None:
    """End a person's role; what it opened is closed at once. Ending it twice does no harm.

    Raises ForbiddenError for a role that is not the actor's to end, ConflictError for the last administrator.
    """
    held = select(RoleRow.person_id).where(RoleRow.role == role, RoleRow.organisation_id == organisation_id)
    holders = work.session.scalars(held.order_by(RoleRow.person_id).with_for_update()).all()
    check_ending(role, givable(work, actor, organisation_id), holders, person_id)
    if person_id not in holders:
        return
    work.session.execute(
        delete(RoleRow).where(
            RoleRow.person_id == person_id, RoleRow.role == role, RoleRow.organisation_id == organisation_id
        )
    )
    remember_role(work, person_id, role, organisation_id)
    _record(work, actor.id, "people.role_ended", person_id, role, organisation_id)


def givable(work: Work, actor: Actor, organisation_id: str) -> tuple[Role, ...]:
    """Return the roles that an actor may give in an organisation; raises NotFoundError for an unknown one."""
    place = organisation(work.session, organisation_id)
    council = council_of(work.session, organisation_id)
    return roles_to_give(actor, place, council.id if council else None)


def grant_role(work: Work, person_id: str, role: Role, organisation_id: str) -> bool:
    """Write a role down, whoever decided it; tell whether it is new."""
    key = {"person_id": person_id, "role": role.value, "organisation_id": organisation_id}
    before = work.session.get(RoleRow, key)
    insert_ignore(work.session, RoleRow, [key])
    work.session.expire_all()
    return before is None


def remember_role(work: Work, person_id: str, role: str, organisation_id: str) -> None:
    """Note that somebody had a role, so that they are still found where they worked."""
    work.session.add(
        PastRoleRow(id=new_id(), person_id=person_id, role=role, organisation_id=organisation_id, ended_at=work.now)
    )


def _record(work: Work, actor_id: str, action: str, person_id: str, role: Role, organisation_id: str) -> None:
    details = {"role": role.value, "organisation": organisation_id}
    audit.record(work, actor=actor_id, action=action, subject=("person", person_id), details=details)
