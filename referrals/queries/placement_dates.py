"""The dates of placements for calendars: reviews, and last days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.model.placement_dates import Dates, LastDay
from referrals.queries.placements import review_card
from referrals.queries.supplying import supplied_by
from referrals.tables.placements import PlacementReviewRow, PlacementRow

_BACK = timedelta(days=180)
_MOST = 2000


def dates_of(session: Session, actor: Actor, today: date) -> Dates:
    """Return the dates of the placements of the actor's councils and providers, from half a year ago on."""
    councils = organisations_with(actor, Permission.PLACEMENTS_MANAGE)
    providers = organisations_with(actor, Permission.PLACEMENTS_OWN)
    mine: ColumnElement[bool] = or_(PlacementRow.council_id.in_(councils), supplied_by(providers))
    rows = session.scalars(
        select(PlacementRow)
        .where(mine, PlacementRow.ends_on >= today - _BACK)
        .order_by(PlacementRow.ends_on, PlacementRow.id)
        .limit(_MOST)
    ).all()
    reviews = session.scalars(
        select(PlacementReviewRow)
        .join(PlacementRow, PlacementRow.id == PlacementReviewRow.placement_id)
        .where(mine, PlacementReviewRow.due_on >= today - _BACK)
        .order_by(PlacementReviewRow.due_on, PlacementReviewRow.id)
        .limit(_MOST)
    ).all()
    known = {row.id: row for row in rows} | _others(session, reviews)
    return Dates(
        {row.id: row.reference for row in known.values()},
        {
            row.id: ("/commissioning" if row.council_id in councils else "") + f"/placements/{row.id}"
            for row in known.values()
        },
        [review_card(row) for row in reviews],
        [_last_day(row, row.ends_on) for row in rows if row.ends_on is not None],
    )


def _others(session: Session, reviews: Sequence[PlacementReviewRow]) -> dict[str, PlacementRow]:
    ids = {review.placement_id for review in reviews}
    return {row.id: row for row in session.scalars(select(PlacementRow).where(PlacementRow.id.in_(ids)))}


def _last_day(row: PlacementRow, ends_on: date) -> LastDay:
    is_over = row.ended_on is not None and row.ended_on != ends_on
    return LastDay(row.id, row.edition, row.ended_at or row.created_at, ends_on, is_over or row.signed_on is None)
