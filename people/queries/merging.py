from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from kernel.errors import NotFoundError
from people.model import OrganisationKind, Role, RoleIn
from people.rules.merging import Record, normalised_name
from people.rules.seeing import Place
from people.tables import (
    ContactPointRow,
    DistinctRow,
    MergeRow,
    OrganisationRow,
    PastRoleRow,
    PersonRow,
    RoleRow,
)

_MOST_LOOKED_AT = 5000


@dataclass(frozen=True)
class Suggestion:
    """Two records that may be one person, and why."""

    first_id: str
    first: str
    second_id: str
    second: str
    why: str


@dataclass(frozen=True)
class MergeCard:
    """A merge that can still be undone."""

    id: str
    kept_id: str
    kept: str
    gone: str
    merged_at: datetime
    undo_until: datetime


def merge_record(session: Session, person_id: str) -> Record:
    """Return what the rule must know of one record, with roles held and past; raises NotFoundError."""
    row = session.get(PersonRow, person_id)
    if row is None:
        raise NotFoundError
    held = [RoleIn(Role(role.role), role.organisation_id) for role in row.roles]
    past = session.scalars(select(PastRoleRow).where(PastRoleRow.person_id == person_id))
    roles = dict.fromkeys([*held, *(RoleIn(Role(role.role), role.organisation_id) for role in past)])
    proved = select(ContactPointRow.address_digest).where(
        ContactPointRow.person_id == person_id,
        ContactPointRow.verified_at.is_not(None),
        ContactPointRow.removed_at.is_(None),
    )
    return Record(row.id, row.name, tuple(roles), frozenset(session.scalars(proved)), row.merged_into_id is not None)


def places_of(session: Session, organisation_ids: Iterable[str]) -> dict[str, Place]:
    """Return organisations as the rules of seeing need them, by id."""
    row = OrganisationRow
    found = session.execute(select(row.id, row.kind, row.council_id).where(row.id.in_(list(organisation_ids))))
    return {place.id: Place(place.id, OrganisationKind(place.kind), place.council_id) for place in found}


def are_distinct(session: Session, first_id: str, second_id: str) -> bool:
    """Tell whether somebody has said that two records are two people, or those that were merged into them."""
    firsts, seconds = _with_merged(session, first_id), _with_merged(session, second_id)
    row = DistinctRow
    either = or_(
        and_(row.first_id.in_(firsts), row.second_id.in_(seconds)),
        and_(row.first_id.in_(seconds), row.second_id.in_(firsts)),
    )
    return session.scalars(select(row.said_by).where(either)).first() is not None


def _with_merged(session: Session, person_id: str) -> list[str]:
    merged = select(PersonRow.id).where(PersonRow.merged_into_id == person_id)
    return [person_id, *session.scalars(merged)]


def suggestions(session: Session, organisation_ids: Iterable[str], *, limit: int = 100) -> list[Suggestion]:
    """Return pairs that may be one person, among those with a role in these organisations.

    By an address that both proved, and by the same name within an organisation. Those who were said to be two are
    left out.
    """
    wanted = list(organisation_ids)
    told_apart = {(row.first_id, row.second_id) for row in session.scalars(select(DistinctRow))}
    pairs: dict[tuple[str, str], str] = {}
    for ids, why in (*_by_name(session, wanted), *_by_address(session, wanted)):
        for first, second in _pairs(ids):
            if (first, second) not in told_apart:
                pairs[first, second] = why
    chosen = list(pairs.items())[:limit]
    names = _names(session, {person_id for pair, _ in chosen for person_id in pair})
    return [Suggestion(first, names[first], second, names[second], why) for (first, second), why in chosen]


def _pairs(ids: Iterable[str]) -> list[tuple[str, str]]:
    ordered = sorted(ids)
    return [(first, second) for index, first in enumerate(ordered) for second in ordered[index + 1 :]]


def _names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    rows = select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(list(ids)))
    return {row.id: row.name for row in session.execute(rows)}


def _by_name(session: Session, organisation_ids: list[str]) -> list[tuple[set[str], str]]:
    """Group by the name as it is compared; the database narrows it down to names that are alike but for case."""
    lowered = func.lower(PersonRow.name)
    here = (
        select(RoleRow.organisation_id, PersonRow.id, PersonRow.name)
        .join(PersonRow, PersonRow.id == RoleRow.person_id)
        .where(RoleRow.organisation_id.in_(organisation_ids), PersonRow.merged_into_id.is_(None), lowered != "")
        .order_by(PersonRow.id)
        .limit(_MOST_LOOKED_AT)
    )
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in session.execute(here):
        groups[row.organisation_id, normalised_name(row.name)].add(row.id)
    return [(ids, "The same name in one organisation") for ids in groups.values() if len(ids) > 1]


def _by_address(session: Session, organisation_ids: list[str]) -> list[tuple[set[str], str]]:
    here = select(RoleRow.person_id).where(RoleRow.organisation_id.in_(organisation_ids))
    points = (
        select(ContactPointRow.channel, ContactPointRow.address_digest, ContactPointRow.person_id)
        .join(PersonRow, PersonRow.id == ContactPointRow.person_id)
        .where(
            ContactPointRow.verified_at.is_not(None),
            ContactPointRow.removed_at.is_(None),
            PersonRow.merged_into_id.is_(None),
            or_(PersonRow.id.in_(here), PersonRow.name == ""),
        )
    )
    shared = points.subquery()
    twice = (
        select(shared.c.channel, shared.c.address_digest)
        .group_by(shared.c.channel, shared.c.address_digest)
        .having(func.count() > 1)
        .limit(_MOST_LOOKED_AT)
        .subquery()
    )
    rows = select(shared).join(
        twice, (twice.c.channel == shared.c.channel) & (twice.c.address_digest == shared.c.address_digest)
    )
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in session.execute(rows):
        groups[row.channel, row.address_digest].add(row.person_id)
    return [(ids, "The same phone number or address") for ids in groups.values() if len(ids) > 1]


def merges_of(session: Session, person_id: str, now: datetime) -> list[MergeCard]:
    """Return what was merged into a person and can still be undone, the latest first."""
    gone = PersonRow.__table__.alias("gone")
    kept = PersonRow.__table__.alias("kept")
    rows = (
        select(MergeRow.id, MergeRow.kept_id, kept.c.name, gone.c.name, MergeRow.merged_at, MergeRow.undo_until)
        .join(gone, gone.c.id == MergeRow.gone_id)
        .join(kept, kept.c.id == MergeRow.kept_id)
        .where(MergeRow.kept_id == person_id, MergeRow.undone_at.is_(None), MergeRow.undo_until >= now)
        .order_by(MergeRow.merged_at.desc(), MergeRow.id.desc())
    )
    return [MergeCard(*row) for row in session.execute(rows)]
