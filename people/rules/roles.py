"""Who may give and end which role. Docs: docs/people.md, "Who gives which role"."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from kernel.errors import ConflictError, ForbiddenError
from people.councils import LEAD_AUTHORITY
from people.model import Actor, OrganisationCard, OrganisationKind, Role
from people.permissions import Permission, organisations_with
from people.rules.seeing import FAMILY_ROLES

_IN_COUNCIL = (Role.COMMISSIONER, Role.QA_OFFICER, Role.SAFEGUARDING_DUTY, Role.AUDITOR, Role.ADMINISTRATOR)
_IN_FORUM = (Role.FORUM_COORDINATOR, Role.FAMILY, Role.YOUNG_PERSON)
ITSELF = "Nobody gives themselves a role. Ask another administrator of your council."
_NOT_YOURS = "You cannot give or end that role there."
_LAST = "This is the last administrator there. Give the role to somebody else first, so that people can be managed."


def roles_of(organisation: OrganisationCard) -> tuple[Role, ...]:
    """Return the roles that exist in an organisation; the lead authority's only in the council that is it."""
    if organisation.kind is OrganisationKind.PROVIDER:
        return (Role.PROVIDER_USER,)
    if organisation.kind is OrganisationKind.FORUM:
        return _IN_FORUM
    return (*_IN_COUNCIL, Role.LEAD_AUTHORITY) if organisation.code == LEAD_AUTHORITY else _IN_COUNCIL


def roles_to_give(actor: Actor, organisation: OrganisationCard, council_id: str | None) -> tuple[Role, ...]:
    """Return the roles that an actor may give and end in an organisation; `council_id` is a forum's council.

    An administrator: those of their own council and of its forum, no other's. The lead authority: users of every
    provider.
    """
    if organisation.kind is OrganisationKind.PROVIDER:
        return roles_of(organisation) if organisations_with(actor, Permission.PROVIDERS_MANAGE) else ()
    area = organisation.id if organisation.kind is OrganisationKind.COUNCIL else council_id
    return roles_of(organisation) if area in organisations_with(actor, Permission.PEOPLE_MANAGE) else ()


def roles_to_invite(actor: Actor, organisation: OrganisationCard, council_id: str | None) -> tuple[Role, ...]:
    """Return the roles to which an actor may invite in an organisation.

    What they may give, but for families, who are registered and never invited to an account; and a provider's users
    invite their colleagues.
    """
    given = [role for role in roles_to_give(actor, organisation, council_id) if role not in FAMILY_ROLES]
    is_colleague = actor.has(Role.PROVIDER_USER, organisation.id)
    return tuple(dict.fromkeys([*given, *([Role.PROVIDER_USER] if is_colleague else [])]))


def check_giving(actor: Actor, person_id: str, role: Role, givable: Collection[Role]) -> None:
    """Refuse a role that is not the actor's to give, and any role given to oneself (no self-escalation).

    Raises ForbiddenError.
    """
    if role not in givable:
        raise ForbiddenError(_NOT_YOURS)
    if actor.id == person_id:
        raise ForbiddenError(ITSELF)


def check_ending(role: Role, givable: Collection[Role], holders: Iterable[str], person_id: str) -> None:
    """Refuse to end a role that is not the actor's to end, or the last administrator's there.

    `holders` are the ids of all who hold it in that organisation. Raises ForbiddenError or ConflictError.
    """
    if role not in givable:
        raise ForbiddenError(_NOT_YOURS)
    if role is Role.ADMINISTRATOR and set(holders) == {person_id}:
        raise ConflictError(_LAST)
