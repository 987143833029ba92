"""Who may see whom (DOMAIN.md 1.3, A1 to A3). The queries apply the same as conditions; a property test compares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from people.model import Actor, OrganisationKind, Role, RoleIn
from people.permissions import PERMISSIONS, Permission, organisations_with

FAMILY_ROLES = frozenset({Role.FAMILY, Role.YOUNG_PERSON})
_READS_AREA = frozenset({Role.COMMISSIONER, Role.AUDITOR, Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Place:
    """An organisation as far as these rules need it; `council_id` is a forum's council."""

    id: str
    kind: OrganisationKind
    council_id: str | None = None

    @property
    def area(self) -> str | None:
        """The council to which it belongs: a council's own id, a forum's council, none for a provider."""
        return self.id if self.kind is OrganisationKind.COUNCIL else self.council_id


@dataclass(frozen=True)
class Sight:
    """Whom an actor may see.

    `areas`: councils of which they see staff, forum and families. `detailed`: those of them in which they also see
    how families are reached. `colleagues`: organisations whose people they see because they are among them.
    `managed`: councils whose people (and forum's and families) they may change; `manages_providers`: providers' users.
    """

    actor_id: str
    areas: frozenset[str]
    detailed: frozenset[str]
    colleagues: frozenset[str]
    sees_providers: bool
    sees_all_staff: bool
    managed: frozenset[str] = frozenset()
    manages_providers: bool = False


def sight_of(actor: Actor) -> Sight:
    """Return whom an actor may see.

    A council's readers see its staff, its forum and its families (A3: no other council's), and every provider's
    users, because they must be able to reach them. The lead authority sees providers' users and all councils' staff
    and no family. A provider's user sees colleagues. A forum coordinator sees no directory at all (A1).
    """
    readers = [held for held in actor.roles if Permission.PEOPLE_READ in PERMISSIONS[held.role]]
    return Sight(
        actor_id=actor.id,
        areas=frozenset(held.organisation_id for held in readers if held.role in _READS_AREA),
        detailed=frozenset(held.organisation_id for held in readers if _may_reach_families(held.role)),
        colleagues=frozenset(actor.organisations_as(Role.PROVIDER_USER)),
        sees_providers=any(held.role is not Role.PROVIDER_USER for held in readers),
        sees_all_staff=actor.has(Role.LEAD_AUTHORITY),
        managed=frozenset(organisations_with(actor, Permission.PEOPLE_MANAGE)),
        manages_providers=bool(organisations_with(actor, Permission.PROVIDERS_MANAGE)),
    )


def _may_reach_families(role: Role) -> bool:
    return bool(PERMISSIONS[role] & {Permission.PEOPLE_MANAGE, Permission.RIGHTS_HANDLE})


def sees_role(sight: Sight, role: Role, place: Place) -> bool:
    """Tell whether the sight covers whoever holds this role there."""
    if place.id in sight.colleagues:
        return True
    if place.kind is OrganisationKind.PROVIDER:
        return sight.sees_providers
    if place.area in sight.areas:
        return True
    return sight.sees_all_staff and place.kind is OrganisationKind.COUNCIL and role not in FAMILY_ROLES


def roles_seen(sight: Sight, roles: Iterable[RoleIn], places: Mapping[str, Place]) -> tuple[RoleIn, ...]:
    """Return those of a person's roles that the sight covers; whoever has none of them is not seen."""
    return tuple(held for held in roles if sees_role(sight, held.role, places[held.organisation_id]))


def may_see_contacts(sight: Sight, person_id: str, roles: Iterable[RoleIn], places: Mapping[str, Place]) -> bool:
    """Tell whether the sight covers how a person is reached; `roles` are all that they hold or held.

    Everybody sees their own. Work details of staff and providers' users: whoever sees them in that work. Whoever is a
    family member anywhere is reached as one: only those who manage people or answer for data protection in that
    family's council see it, because a parent's number stays a parent's number at work (A3).
    """
    if person_id == sight.actor_id:
        return True
    held = list(roles)
    homes = [places[role.organisation_id].area for role in held if role.role in FAMILY_ROLES]
    if homes:
        return any(area in sight.detailed for area in homes)
    return bool(roles_seen(sight, held, places))


def may_manage(sight: Sight, roles: Iterable[RoleIn], places: Mapping[str, Place]) -> bool:
    """Tell whether the sight's owner may change a person who holds, or held, these roles: all of them must be theirs.

    Whoever could change an address of somebody who works elsewhere too could sign in as them there.
    """
    found = [places[role.organisation_id] for role in roles]
    return bool(found) and all(_manages(sight, place) for place in found)


def _manages(sight: Sight, place: Place) -> bool:
    if place.kind is OrganisationKind.PROVIDER:
        return sight.manages_providers
    return place.area in sight.managed
