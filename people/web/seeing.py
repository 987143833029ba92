from __future__ import annotations

from sqlalchemy.orm import Session

from people.model import OrganisationCard, Role
from people.queries import council_of, organisation, organisations
from people.rules.roles import roles_to_give, roles_to_invite
from people.rules.seeing import Sight, sight_of
from people.web.guard import current_actor
from people.web.words import ROLES


def sight() -> Sight:
    """Return whom the person signed in may see."""
    return sight_of(current_actor())


def role_choices(session: Session, *, to_invite: bool = False) -> list[tuple[str, str]]:
    """Return what the person signed in may give, or invite to, as (role:organisation id, words)."""
    actor, rule = current_actor(), roles_to_invite if to_invite else roles_to_give
    return [
        (f"{role.value}:{place.id}", f"{ROLES[role]}, {place.name}")
        for place in organisations(session)
        for role in rule(actor, place, area_of(session, place))
    ]


def area_of(session: Session, place: OrganisationCard) -> str | None:
    """Return the id of the council to which an organisation belongs."""
    council = council_of(session, place.id)
    return council.id if council else None


def parse_role(chosen: str) -> tuple[Role, str]:
    """Return role and organisation of a choice of `role_choices`; raises ValueError for anything else."""
    role, _, organisation_id = chosen.partition(":")
    return Role(role), organisation_id


def place_name(session: Session, organisation_id: str) -> str:
    """Return an organisation's name."""
    return organisation(session, organisation_id).name
