from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from kernel.errors import NotFoundError, TooLateError
from kernel.sealing import digests
from kernel.translation import say
from people.model import ContactPoint, Grant, OrganisationCard, OrganisationKind, PersonCard, Role, RoleIn
from people.tables import (
    ConsentRow,
    ContactPointRow,
    GrantRow,
    OrganisationRow,
    PersonRow,
    RestrictionRow,
    RoleRow,
)

_LINK_UNKNOWN = say("people.link_unknown", "This link does not work. Check that you copied all of it.")
_LINK_EXPIRED = say("people.link_expired", "This link has run out. Ask us for a new one.")
LINK_SPENT = say("people.link_spent", "This link has been used already.")


def _card(row: PersonRow) -> PersonCard:
    roles = tuple(RoleIn(Role(held.role), held.organisation_id) for held in row.roles)
    return PersonCard(row.id, row.name, row.language, roles)


def _organisation(row: OrganisationRow) -> OrganisationCard:
    return OrganisationCard(row.id, OrganisationKind(row.kind), row.name, row.code)


def _contact_point(row: ContactPointRow) -> ContactPoint:
    return ContactPoint(
        row.id,
        row.person_id,
        row.organisation_id,
        row.channel,
        row.address,
        row.rank,
        row.verified_at,
        row.opted_out_at,
        row.failed_at,
    )


def person(session: Session, person_id: str) -> PersonCard:
    """Return a person, or whom they were found to be the same as; raises NotFoundError."""
    row = session.get(PersonRow, person_id)
    while row is not None and row.merged_into_id is not None:
        row = session.get(PersonRow, row.merged_into_id)
    if row is None:
        raise NotFoundError
    return _card(row)


def persons(session: Session, person_ids: Iterable[str]) -> dict[str, PersonCard]:
    """Return the persons of these ids, by id, or whom they were found to be the same as; unknown ids are left out."""
    rows = session.scalars(select(PersonRow).where(PersonRow.id.in_(list(person_ids))))
    return {row.id: person(session, row.id) if row.merged_into_id else _card(row) for row in rows}


def persons_with_role(session: Session, role: Role, organisation_id: str | None = None) -> list[PersonCard]:
    """Return who has the role, in that organisation or in any, by name."""
    held = select(RoleRow.person_id).where(RoleRow.role == role)
    if organisation_id is not None:
        held = held.where(RoleRow.organisation_id == organisation_id)
    rows = session.scalars(select(PersonRow).where(PersonRow.id.in_(held)).order_by(PersonRow.name, PersonRow.id))
    return [_card(row) for row in rows]


def persons_with_role_in(session: Session, organisation_id: str) -> list[PersonCard]:
    """Return everybody who works in an organisation, in whatever role but a family's, by name."""
    works = RoleRow.role.not_in([Role.FAMILY, Role.YOUNG_PERSON])
    held = select(RoleRow.person_id).where(RoleRow.organisation_id == organisation_id, works)
    rows = session.scalars(select(PersonRow).where(PersonRow.id.in_(held)).order_by(PersonRow.name, PersonRow.id))
    return [_card(row) for row in rows]


def persons_named(session: Session, words: str, *, limit: int = 20) -> list[PersonCard]:
    """Return persons whose name holds these words, whatever the case, by name."""
    found = select(PersonRow).where(PersonRow.name.icontains(words, autoescape=True))
    return [_card(row) for row in session.scalars(found.order_by(PersonRow.name, PersonRow.id).limit(limit))]


def persons_by_address(session: Session, channel: str, address: str) -> list[PersonCard]:
    """Return who can be reached at the address, those who have been here longest first (a phone may be shared).

    Only addresses that proved to be their owner's: somebody else's phone that was merely typed in is nobody's voice.
    Whoever has left is nobody here.
    """
    owners = (
        select(PersonRow)
        .join(ContactPointRow, ContactPointRow.person_id == PersonRow.id)
        .where(ContactPointRow.channel == channel, ContactPointRow.address_digest.in_(digests(session, address)))
        .where(ContactPointRow.verified_at.is_not(None), ContactPointRow.removed_at.is_(None))
        .where(PersonRow.merged_into_id.is_(None), PersonRow.left_at.is_(None))
        .order_by(PersonRow.id)
    )
    return [_card(row) for row in session.scalars(owners)]


def contact_points(session: Session, person_id: str) -> list[ContactPoint]:
    """Return a person's contact points, the preferred one first."""
    rows = select(ContactPointRow).where(ContactPointRow.person_id == person_id, ContactPointRow.removed_at.is_(None))
    return [_contact_point(row) for row in session.scalars(rows.order_by(ContactPointRow.rank, ContactPointRow.id))]


def contact_point(session: Session, contact_point_id: str) -> ContactPoint:
    """Return one contact point; raises NotFoundError."""
    row = session.get(ContactPointRow, contact_point_id)
    if row is None:
        raise NotFoundError
    return _contact_point(row)


def organisation_contact_points(session: Session, organisation_id: str) -> list[ContactPoint]:
    """Return an organisation's own contact points (its Slack channel, say), the preferred one first."""
    rows = select(ContactPointRow).where(ContactPointRow.organisation_id == organisation_id)
    return [_contact_point(row) for row in session.scalars(rows.order_by(ContactPointRow.rank, ContactPointRow.id))]


def organisation(session: Session, organisation_id: str) -> OrganisationCard:
    """Return an organisation; raises NotFoundError."""
    row = session.get(OrganisationRow, organisation_id)
    if row is None:
        raise NotFoundError
    return _organisation(row)


def council_of(session: Session, organisation_id: str) -> OrganisationCard | None:
    """Return the council to which an organisation belongs: a council's own, a forum's area, none for a provider."""
    row = session.get(OrganisationRow, organisation_id)
    if row is None or row.kind == OrganisationKind.COUNCIL:
        return _organisation(row) if row else None
    return organisation(session, row.council_id) if row.council_id else None


def organisations(session: Session, kind: OrganisationKind | None = None) -> list[OrganisationCard]:
    """Return the organisations of a kind, or all, by name."""
    rows = select(OrganisationRow).order_by(OrganisationRow.name)
    if kind is not None:
        rows = rows.where(OrganisationRow.kind == kind)
    return [_organisation(row) for row in session.scalars(rows)]


def organisations_by_id(session: Session, organisation_ids: Iterable[str]) -> dict[str, OrganisationCard]:
    """Return the organisations of these ids, by id; unknown ids are left out."""
    rows = select(OrganisationRow).where(OrganisationRow.id.in_(list(organisation_ids)))
    return {row.id: _organisation(row) for row in session.scalars(rows)}


def council_by_code(session: Session, code: str) -> OrganisationCard:
    """Return the council with a GSS code, whatever the spelling of its name; raises NotFoundError."""
    row = session.scalars(select(OrganisationRow).where(OrganisationRow.code == code)).first()
    if row is None:
        raise NotFoundError
    return _organisation(row)


def digest(token: str) -> str:
    """Return what is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _has_token(token: str) -> ColumnElement[bool]:
    kept = digest(token)
    return or_(GrantRow.digest == kept, GrantRow.renewed_digest == kept)


def open_grant(session: Session, token: str, purpose: str, now: datetime) -> Grant:
    """Return what a link's token allows.

    Raises NotFoundError for a token that is unknown or meant for another purpose, TooLateError for one that has
    expired or is spent.
    """
    row = session.scalars(select(GrantRow).where(_has_token(token))).first()
    if row is None or row.purpose != purpose:
        raise NotFoundError(_LINK_UNKNOWN)
    if row.expires_at <= now:
        raise TooLateError(_LINK_EXPIRED)
    if row.spent_at is not None:
        raise TooLateError(LINK_SPENT)
    return Grant(row.id, row.purpose, row.target, row.person_id, row.expires_at, row.spent_at)


def grant_purpose(session: Session, token: str) -> str:
    """Return what a link's token is for, whether or not it is still open; raises NotFoundError for an unknown one."""
    purpose = session.scalars(select(GrantRow.purpose).where(_has_token(token))).first()
    if purpose is None:
        raise NotFoundError(_LINK_UNKNOWN)
    return purpose


@dataclass(frozen=True)
class ContactFacts:
    """What delivery must know of many persons at once; contact points in each owner's preferred order."""

    points: Sequence[ContactPoint]
    consents: Mapping[str, frozenset[str]]
    languages: Mapping[str, str]
    quiet: Mapping[str, tuple[time | None, time | None]]


def contact_facts(session: Session, person_ids: list[str], contact_point_ids: list[str]) -> ContactFacts:
    """Return contact points, channels with consent, languages and quiet hours, in three queries however many.

    Whoever has left has no contact point.
    """
    columns = ContactPointRow.__table__.c
    left = select(PersonRow.id).where(PersonRow.id == columns.person_id, PersonRow.left_at.is_not(None)).exists()
    stay = columns.person_id.in_(person_ids) & columns.removed_at.is_(None) & ~left
    wanted = or_(stay, columns.id.in_(contact_point_ids))
    points = session.execute(select(*_point_columns(columns)).where(wanted).order_by(columns.rank, columns.id))
    consents: dict[str, set[str]] = defaultdict(set)
    restricted = select(RestrictionRow.id).where(
        RestrictionRow.person_id == ConsentRow.person_id, RestrictionRow.ended_at.is_(None)
    )
    given = select(ConsentRow.person_id, ConsentRow.channel).where(
        ConsentRow.person_id.in_(person_ids), ConsentRow.ended_at.is_(None), ~restricted.exists()
    )
    for person_id, channel in session.execute(given):
        consents[person_id].add(channel)
    known = session.execute(
        select(PersonRow.id, PersonRow.language, PersonRow.quiet_from, PersonRow.quiet_to).where(
            PersonRow.id.in_(person_ids)
        )
    ).all()
    return ContactFacts(
        points=[ContactPoint(*row) for row in points],
        consents={person_id: frozenset(channels) for person_id, channels in consents.items()},
        languages={row.id: row.language for row in known},
        quiet={row.id: (row.quiet_from, row.quiet_to) for row in known},
    )


def _point_columns(columns: Any) -> list[Any]:  # noqa: ANN401 - SQLAlchemy's column collection
    return [columns[field.name] for field in fields(ContactPoint)]
