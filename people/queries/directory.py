from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true, union_all
from sqlalchemy.orm import Session

from kernel.errors import NotFoundError
from people.model import ContactPoint, OrganisationKind, Role, RoleIn
from people.queries import contact_points
from people.queries.accounts import has_account
from people.rules.seeing import FAMILY_ROLES, Place, Sight, may_manage, may_see_contacts, roles_seen
from people.tables import InvitationRow, OrganisationRow, PastRoleRow, PersonRow, RoleRow


class State(StrEnum):
    """Where a person stands: has a role, is only invited to one, or had one."""

    ACTIVE = "active"
    INVITED = "invited"
    LEFT = "left"


@dataclass(frozen=True)
class Wanted:
    """What the directory is filtered by; nothing given shows everybody."""

    name: str = ""
    role: Role | None = None
    organisation_id: str | None = None
    state: State | None = None


@dataclass(frozen=True)
class Tie:
    """A role that a person has, had, or is invited to, with the organisation's name."""

    role: Role
    organisation_id: str
    organisation: str


@dataclass(frozen=True)
class Listed:
    """A line of the directory: a person with those of their ties that the reader may know of."""

    id: str
    name: str
    state: State
    ties: tuple[Tie, ...]


@dataclass(frozen=True)
class Profile:
    """A person as the reader may see them; `points` is None where they may not see how the person is reached.

    `may_manage`: all their roles are the reader's to manage, and they are not only invited. `may_add_contacts`: the
    reader may also add an address and enter its code. Whoever has an account does that themselves, but for the first.
    """

    id: str
    name: str
    language: str
    state: State
    quiet_from: time | None
    quiet_to: time | None
    created_at: datetime
    left_at: datetime | None
    ties: tuple[Tie, ...]
    points: tuple[ContactPoint, ...] | None
    may_manage: bool
    may_add_contacts: bool

    @property
    def is_family(self) -> bool:
        """Whether the person is here as a parent, carer or young person."""
        return any(tie.role in FAMILY_ROLES for tie in self.ties)


def _ties() -> Select[Any]:
    """Every tie of every person: roles; open invitations; past roles of those who have none of these."""
    invited = select(InvitationRow.person_id, InvitationRow.role, InvitationRow.organisation_id).where(
        InvitationRow.ended_at.is_(None), InvitationRow.person_id.not_in(select(RoleRow.person_id))
    )
    past = select(PastRoleRow.person_id, PastRoleRow.role, PastRoleRow.organisation_id).where(
        PastRoleRow.person_id.not_in(select(RoleRow.person_id)),
        PastRoleRow.person_id.not_in(select(InvitationRow.person_id).where(InvitationRow.ended_at.is_(None))),
    )
    held = select(RoleRow.person_id, RoleRow.role, RoleRow.organisation_id)
    every = union_all(held, invited, past).subquery("ties")
    return (
        select(every.c.person_id, every.c.role, every.c.organisation_id, OrganisationRow.name.label("organisation"))
        .join(OrganisationRow, OrganisationRow.id == every.c.organisation_id)
        .add_columns(OrganisationRow.kind, OrganisationRow.council_id)
    )


def _seen(sight: Sight, tie: Any) -> ColumnElement[bool]:  # noqa: ANN401 - SQLAlchemy's column collection
    """The same as rules.seeing.sees_role, as a condition."""
    is_council, is_provider = tie.kind == OrganisationKind.COUNCIL, tie.kind == OrganisationKind.PROVIDER
    area = or_(and_(is_council, tie.organisation_id.in_(sight.areas)), tie.council_id.in_(sight.areas))
    staff = and_(is_council, tie.role.not_in(FAMILY_ROLES)) if sight.sees_all_staff else false()
    return or_(
        tie.organisation_id.in_(sight.colleagues),
        and_(is_provider, true() if sight.sees_providers else false()),
        and_(~is_provider, area),
        staff,
    )


def directory(
    session: Session, sight: Sight, wanted: Wanted, *, offset: int = 0, limit: int = 25
) -> tuple[list[Listed], int]:
    """Return one page of whom the sight covers, by name, and how many there are in all."""
    ties = _ties().subquery("seen")
    of_ties = select(ties.c.person_id).where(_seen(sight, ties.c))
    if wanted.role is not None:
        of_ties = of_ties.where(ties.c.role == wanted.role)
    if wanted.organisation_id:
        of_ties = of_ties.where(ties.c.organisation_id == wanted.organisation_id)
    people = select(PersonRow.id).where(PersonRow.id.in_(of_ties), PersonRow.merged_into_id.is_(None))
    if wanted.name.strip():
        people = people.where(PersonRow.name.icontains(wanted.name.strip(), autoescape=True))
    if wanted.state is not None:
        people = people.where(_in_state(wanted.state))
    total = session.scalar(select(func.count()).select_from(people.subquery())) or 0
    page = people.order_by(func.lower(PersonRow.name), PersonRow.id).offset(offset).limit(limit)
    return _listed(session, sight, list(session.scalars(page))), total


def _in_state(state: State) -> ColumnElement[bool]:
    active = PersonRow.id.in_(select(RoleRow.person_id))
    invited = PersonRow.id.in_(select(InvitationRow.person_id).where(InvitationRow.ended_at.is_(None)))
    return {State.ACTIVE: active, State.INVITED: and_(~active, invited), State.LEFT: and_(~active, ~invited)}[state]


def _listed(session: Session, sight: Sight, ids: Sequence[str]) -> list[Listed]:
    names = {row.id: row.name for row in session.execute(select(PersonRow.id, PersonRow.name).where(_is_of(ids)))}
    states, ties, places = states_of(session, ids), _ties_of(session, ids), _places_of(session, ids)
    return [
        Listed(person_id, names[person_id], states[person_id], _visible(sight, ties[person_id], places))
        for person_id in ids
    ]


def _is_of(ids: Iterable[str]) -> ColumnElement[bool]:
    return PersonRow.id.in_(list(ids))


def states_of(session: Session, ids: Iterable[str]) -> dict[str, State]:
    """Return the state of each person."""
    wanted = list(ids)
    active = set(session.scalars(select(RoleRow.person_id).where(RoleRow.person_id.in_(wanted))))
    still_open = InvitationRow.ended_at.is_(None)
    invited = set(
        session.scalars(select(InvitationRow.person_id).where(still_open, InvitationRow.person_id.in_(wanted)))
    )
    return {
        person_id: State.ACTIVE if person_id in active else State.INVITED if person_id in invited else State.LEFT
        for person_id in wanted
    }


def _ties_of(session: Session, ids: Iterable[str]) -> dict[str, list[Tie]]:
    ties = _ties().subquery("of")
    found: dict[str, list[Tie]] = {person_id: [] for person_id in ids}
    rows = select(ties).where(ties.c.person_id.in_(list(ids))).order_by(ties.c.organisation, ties.c.role)
    for row in session.execute(rows):
        found[row.person_id].append(Tie(Role(row.role), row.organisation_id, row.organisation))
    return {person_id: list(dict.fromkeys(held)) for person_id, held in found.items()}


def _places_of(session: Session, ids: Iterable[str]) -> dict[str, Place]:
    ties = _ties().subquery("of")
    rows = select(ties.c.organisation_id, ties.c.kind, ties.c.council_id).where(ties.c.person_id.in_(list(ids)))
    return {
        row.organisation_id: Place(row.organisation_id, OrganisationKind(row.kind), row.council_id)
        for row in session.execute(rows.distinct())
    }


def _visible(sight: Sight, ties: Sequence[Tie], places: dict[str, Place]) -> tuple[Tie, ...]:
    seen = set(roles_seen(sight, (RoleIn(tie.role, tie.organisation_id) for tie in ties), places))
    return tuple(tie for tie in ties if RoleIn(tie.role, tie.organisation_id) in seen)


def profile(session: Session, sight: Sight, person_id: str) -> Profile:
    """Return a person as the sight's owner may see them; raises NotFoundError for whom it does not cover.

    Everybody sees all of their own.
    """
    row = session.get(PersonRow, person_id)
    ties, places = _ties_of(session, [person_id])[person_id], _places_of(session, [person_id])
    is_own = person_id == sight.actor_id
    shown = tuple(ties) if is_own else _visible(sight, ties, places)
    if row is None or row.merged_into_id is not None or not (shown or is_own):
        raise NotFoundError
    held = [RoleIn(tie.role, tie.organisation_id) for tie in ties]
    reachable = may_see_contacts(sight, person_id, held, places)
    points, state = tuple(contact_points(session, person_id)), states_of(session, [person_id])[person_id]
    is_managed = manages(session, sight, person_id)
    is_first = state is State.ACTIVE and not any(point.verified_at for point in points)
    return Profile(
        id=row.id,
        name=row.name,
        language=row.language,
        state=state,
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
        created_at=row.created_at,
        left_at=row.left_at,
        ties=shown,
        points=points if reachable else None,
        may_manage=is_managed,
        may_add_contacts=is_managed and (is_own or is_first or not has_account(session, person_id)),
    )


def manages(session: Session, sight: Sight, person_id: str) -> bool:
    """Tell whether the sight's owner may change a person; nobody may who is only invited: they may be others' too."""
    held = [RoleIn(tie.role, tie.organisation_id) for tie in _ties_of(session, [person_id])[person_id]]
    is_invited = states_of(session, [person_id])[person_id] is State.INVITED
    return not is_invited and may_manage(sight, held, _places_of(session, [person_id]))


def quiet_hours_of(session: Session, person_id: str) -> tuple[time | None, time | None]:
    """Return from when until when a person wants no messages, None for the usual hours."""
    row = session.get(PersonRow, person_id)
    return (row.quiet_from, row.quiet_to) if row is not None else (None, None)


def managed_profile(session: Session, sight: Sight, person_id: str) -> Profile:
    """Return a person whom the sight's owner may change; raises NotFoundError for anybody else."""
    found = profile(session, sight, person_id)
    if not found.may_manage:
        raise NotFoundError
    return found


def organisations_seen(session: Session, sight: Sight) -> list[tuple[str, str]]:
    """Return ids and names of the organisations by which the directory may be filtered, by name."""
    kind = OrganisationRow.kind
    areas = or_(OrganisationRow.id.in_(sight.areas), OrganisationRow.council_id.in_(sight.areas))
    wanted = or_(
        OrganisationRow.id.in_(sight.colleagues),
        areas,
        (kind == OrganisationKind.PROVIDER) if sight.sees_providers else false(),
        (kind == OrganisationKind.COUNCIL) if sight.sees_all_staff else false(),
    )
    rows = select(OrganisationRow.id, OrganisationRow.name).where(wanted).order_by(OrganisationRow.name)
    return [(row.id, row.name) for row in session.execute(rows)]
