from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from kernel.errors import NotFoundError
from people.model import OrganisationKind, Role
from people.rules.seeing import FAMILY_ROLES, Place, Sight, sees_role
from people.tables import OrganisationRow, PersonRow, RoleRow, SuccessionRow


@dataclass(frozen=True)
class PlaceListed:
    """A line of the list of organisations."""

    id: str
    name: str
    kind: OrganisationKind
    ended_on: date | None


@dataclass(frozen=True)
class PlaceCard:
    """An organisation as its page shows it; `council` is a forum's, `forums` a council's."""

    id: str
    name: str
    kind: OrganisationKind
    code: str | None
    dfe_code: str | None
    started_on: date | None
    ended_on: date | None
    council: tuple[str, str] | None
    forums: tuple[tuple[str, str], ...]
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Lifetime:
    """From when to when an organisation is there, as far as anybody says, and the names of those that followed it."""

    kind: OrganisationKind
    name: str
    started_on: date | None
    ended_on: date | None
    successors: tuple[str, ...]


@dataclass(frozen=True)
class PeopleIn:
    """Who has a role in an organisation: the people whom the reader may see by name, and how many in all."""

    named: tuple[tuple[str, str], ...]
    count: int


def _open_to(sight: Sight) -> ColumnElement[bool]:
    """Return the condition of the organisations that a reader of people may look at."""
    row = OrganisationRow
    reads_beyond = true() if sight.sees_providers or sight.sees_all_staff else false()
    councils_and_providers = row.kind.in_([OrganisationKind.COUNCIL, OrganisationKind.PROVIDER])
    return or_(
        row.id.in_(sight.colleagues),
        row.council_id.in_(sight.areas),
        and_(councils_and_providers, reads_beyond),
    )


def places(
    session: Session, sight: Sight, *, kind: OrganisationKind | None, name: str, offset: int, limit: int
) -> tuple[list[PlaceListed], int]:
    """Return one page of the organisations that the sight's owner may look at, by name, and how many there are."""
    row = OrganisationRow
    wanted = select(row).where(_open_to(sight))
    if kind is not None:
        wanted = wanted.where(row.kind == kind)
    if name.strip():
        wanted = wanted.where(row.name.icontains(name.strip(), autoescape=True))
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    page = wanted.order_by(func.lower(row.name), row.id).offset(offset).limit(limit)
    found = [PlaceListed(one.id, one.name, OrganisationKind(one.kind), one.ended_on) for one in session.scalars(page)]
    return found, total


def place_card(session: Session, sight: Sight, organisation_id: str) -> PlaceCard:
    """Return an organisation with what belongs to it and what it followed; raises NotFoundError."""
    row = session.scalars(select(OrganisationRow).where(OrganisationRow.id == organisation_id, _open_to(sight))).first()
    if row is None:
        raise NotFoundError
    council = session.get(OrganisationRow, row.council_id) if row.council_id else None
    return PlaceCard(
        id=row.id,
        name=row.name,
        kind=OrganisationKind(row.kind),
        code=row.code,
        dfe_code=row.dfe_code,
        started_on=row.started_on,
        ended_on=row.ended_on,
        council=(council.id, council.name) if council else None,
        forums=_named(session, and_(OrganisationRow.council_id == row.id, _open_to(sight))),
        before=_named(
            session,
            OrganisationRow.id.in_(select(SuccessionRow.ended_id).where(SuccessionRow.successor_id == row.id)),
        ),
        after=_named(
            session,
            OrganisationRow.id.in_(select(SuccessionRow.successor_id).where(SuccessionRow.ended_id == row.id)),
        ),
    )


def _named(session: Session, which: ColumnElement[bool]) -> tuple[tuple[str, str], ...]:
    rows = select(OrganisationRow.id, OrganisationRow.name).where(which).order_by(OrganisationRow.name)
    return tuple((row.id, row.name) for row in session.execute(rows))


def lifetime(session: Session, organisation_id: str) -> Lifetime:
    """Return from when to when an organisation is there, and who took over from it; raises NotFoundError."""
    row = session.get(OrganisationRow, organisation_id)
    if row is None:
        raise NotFoundError
    followed = OrganisationRow.id.in_(select(SuccessionRow.successor_id).where(SuccessionRow.ended_id == row.id))
    successors = tuple(name for _, name in _named(session, followed)) if row.ended_on else ()
    return Lifetime(OrganisationKind(row.kind), row.name, row.started_on, row.ended_on, successors)


def people_in(session: Session, sight: Sight, place: PlaceCard, *, limit: int = 50) -> dict[Role, PeopleIn]:
    """Return who has which role in an organisation, as far as the reader may know.

    Families are counted and not listed: the directory finds them.
    """
    of_place = Place(place.id, place.kind, place.council[0] if place.council else None)
    rows = (
        select(RoleRow.role, PersonRow.id, PersonRow.name)
        .join(PersonRow, PersonRow.id == RoleRow.person_id)
        .where(RoleRow.organisation_id == place.id)
        .order_by(RoleRow.role, func.lower(PersonRow.name), PersonRow.id)
    )
    staff = rows.where(RoleRow.role.not_in(FAMILY_ROLES))
    named: dict[Role, list[tuple[str, str]]] = defaultdict(list)
    for row in session.execute(staff):
        named[Role(row.role)].append((row.id, row.name))
    counted = (
        select(RoleRow.role, func.count())
        .where(RoleRow.organisation_id == place.id, RoleRow.role.in_(FAMILY_ROLES))
        .group_by(RoleRow.role)
    )
    families = {Role(role): count for role, count in session.execute(counted)}
    found = {role: PeopleIn(tuple(people[:limit]), len(people)) for role, people in named.items()}
    found |= {role: PeopleIn((), count) for role, count in families.items()}
    return {role: found[role] for role in Role if role in found and sees_role(sight, role, of_place)}
