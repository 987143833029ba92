from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from kernel.calendar import london_date
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.waiting import Waiting, count_waiting
from referrals.queries.supplying import supplied_by
from referrals.tables.placements import PlacementReviewRow, PlacementRow

SOON_D = 28
"""Calendar days within which a review counts as coming up."""


def to_sign(session: Session, actor: Actor, _now: datetime) -> Waiting:
    """Count the councils' placements whose agreement is not signed, since the first of them was called off."""
    return count_waiting(
        session,
        PlacementRow.created_at,
        PlacementRow.council_id.in_(organisations_with(actor, Permission.PLACEMENTS_MANAGE)),
        PlacementRow.ended_on.is_(None),
        PlacementRow.signed_on.is_(None),
    )


def reviews_due(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the planned reviews of the councils' placements: those past their day, and those soon."""
    councils = organisations_with(actor, Permission.PLACEMENTS_MANAGE)
    today = london_date(now)
    return count_waiting(
        session,
        PlacementReviewRow.due_on,
        *_planned(PlacementRow.council_id.in_(councils), now),
        late=PlacementReviewRow.due_on < today,
        coming=PlacementReviewRow.due_on > today,
    )


def own_reviews(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the reviews that come up of what the actor's providers supply; the next day."""
    providers = organisations_with(actor, Permission.PLACEMENTS_OWN)
    return count_waiting(
        session,
        PlacementReviewRow.due_on,
        *_planned(supplied_by(providers), now),
        PlacementReviewRow.due_on >= london_date(now),
        coming=true(),
    )


def _planned(whose: ColumnElement[bool], now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        PlacementRow.id == PlacementReviewRow.placement_id,
        whose,
        PlacementReviewRow.held_on.is_(None),
        PlacementReviewRow.cancelled_at.is_(None),
        PlacementReviewRow.due_on <= london_date(now) + timedelta(days=SOON_D),
    )
