from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from people.model import PersonCard
from people.queries import persons, persons_with_role_in
from people.rules.delegation import handed_over
from people.tables import DelegationRow, OrganisationRow, PersonRow


@dataclass(frozen=True)
class DelegationCard:
    """Who acts for whom, where and when; `ends_at` is the first moment after it."""

    id: str
    person_id: str
    person: str
    delegate_id: str
    delegate: str
    organisation_id: str
    organisation: str
    starts_at: datetime
    ends_at: datetime


def is_running(now: datetime) -> ColumnElement[bool]:
    """Return the condition of a delegation that runs: it ends by itself."""
    row = DelegationRow
    return and_(row.starts_at <= now, row.ends_at > now, row.ended_at.is_(None), row.person_id != row.delegate_id)


def acting(session: Session, card: PersonCard, now: datetime) -> PersonCard:
    """Return a person with the roles that they hold for absent colleagues at this moment, besides their own."""
    running = session.execute(
        select(DelegationRow.person_id, DelegationRow.organisation_id)
        .where(DelegationRow.delegate_id == card.id, is_running(now))
        .order_by(DelegationRow.id)
    ).all()
    if not running:
        return card
    absent = persons(session, {row.person_id for row in running})
    held = [
        role
        for row in running
        if row.person_id in absent
        for role in handed_over(absent[row.person_id].roles, card.roles, row.organisation_id, row.person_id)
    ]
    return replace(card, roles=(*card.roles, *held))


def delegates_of(session: Session, person_ids: Iterable[str], now: datetime) -> dict[str, list[str]]:
    """Return who acts for each of these persons at this moment; persons whom nobody represents are left out."""
    rows = select(DelegationRow).where(DelegationRow.person_id.in_(list(person_ids)), is_running(now))
    found: dict[str, list[str]] = defaultdict(list)
    running = list(session.scalars(rows.order_by(DelegationRow.id)))
    cards = persons(session, {id_ for row in running for id_ in (row.person_id, row.delegate_id)})
    for row in running:
        absent, delegate = cards.get(row.person_id), cards.get(row.delegate_id)
        if absent and delegate and handed_over(absent.roles, delegate.roles, row.organisation_id, row.person_id):
            found[row.person_id].append(row.delegate_id)
    return dict(found)


def delegations_of(session: Session, person_id: str, now: datetime) -> list[DelegationCard]:
    """Return a person's delegations that run or are to come, given and taken on, by their first day."""
    absent, delegate = PersonRow.__table__.alias("absent"), PersonRow.__table__.alias("delegate")
    own = or_(DelegationRow.person_id == person_id, DelegationRow.delegate_id == person_id)
    rows = (
        select(
            DelegationRow.id,
            DelegationRow.person_id,
            absent.c.name,
            DelegationRow.delegate_id,
            delegate.c.name,
            DelegationRow.organisation_id,
            OrganisationRow.name,
            DelegationRow.starts_at,
            DelegationRow.ends_at,
        )
        .join(absent, absent.c.id == DelegationRow.person_id)
        .join(delegate, delegate.c.id == DelegationRow.delegate_id)
        .join(OrganisationRow, OrganisationRow.id == DelegationRow.organisation_id)
        .where(own, DelegationRow.ended_at.is_(None), DelegationRow.ends_at > now)
        .order_by(DelegationRow.starts_at, DelegationRow.id)
    )
    return [DelegationCard(*row) for row in session.execute(rows)]


def colleagues_of(session: Session, card: PersonCard) -> list[tuple[str, PersonCard]]:
    """Return (organisation id, colleague) for everybody who works where the person works, by name."""
    places = dict.fromkeys(held.organisation_id for held in card.roles if held.on_behalf_of is None)
    return [(place, other) for place in places for other in persons_with_role_in(session, place) if other.id != card.id]
