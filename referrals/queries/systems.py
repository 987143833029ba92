"""What case systems of a council may know of its referrals: how each stands, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.errors import NotFoundError
from referrals.model import Phase
from referrals.model.awards import AwardCard
from referrals.model.routes import Route
from referrals.queries.awards import award_of
from referrals.queries.courses import standings
from referrals.queries.lists import Counts, counts
from referrals.tables import AwardRow, ReferralRow
from referrals.tables.placements import PlacementRow


@dataclass(frozen=True)
class StatusCard:
    """How a referral stands; of what providers answered, how many have and nothing else (R21).

    `version` is the latest of its issue, None while nothing has gone out.
    """

    id: str
    reference: str
    lot_id: str
    route: Route
    phase: Phase
    created_at: datetime
    version: int | None
    release_at: datetime | None
    deadline_at: datetime | None
    counts: Counts
    is_decided: bool
    closed_at: datetime | None


def status_of(session: Session, council_id: str, referral_id: str, now: datetime) -> StatusCard:
    """Return how a referral of a council stands; raises NotFoundError for any other."""
    return _cards(session, [_own(session, council_id, referral_id)], now)[0]


def statuses_after(session: Session, council_id: str, now: datetime, after: str | None, limit: int) -> list[StatusCard]:
    """Return how the referrals of a council stand, by id, those after one of them."""
    own = select(ReferralRow).where(ReferralRow.council_id == council_id)
    if after is not None:
        own = own.where(ReferralRow.id > after)
    return _cards(session, session.scalars(own.order_by(ReferralRow.id).limit(limit)).all(), now)


def decision_on(session: Session, council_id: str, referral_id: str) -> tuple[AwardCard, str | None]:
    """Return what was decided on a referral of a council, and the id of the placement that came of it, if one did.

    Raises NotFoundError for another council's referral, and where nothing is decided yet.
    """
    found = award_of(session, _own(session, council_id, referral_id).id)
    if found is None:
        raise NotFoundError("Nothing has been decided on this referral yet.")
    return found, session.scalars(select(PlacementRow.id).where(PlacementRow.award_id == found.id)).first()


def _own(session: Session, council_id: str, referral_id: str) -> ReferralRow:
    row = session.get(ReferralRow, referral_id)
    if row is None or row.council_id != council_id:
        raise NotFoundError
    return row


def _cards(session: Session, rows: Sequence[ReferralRow], now: datetime) -> list[StatusCard]:
    ids = [row.id for row in rows]
    known, counted = standings(session, rows), counts(session, ids)
    decided = set(session.scalars(select(AwardRow.referral_id).where(AwardRow.referral_id.in_(ids))))
    return [
        StatusCard(
            id=row.id,
            reference=row.reference,
            lot_id=row.lot_id,
            route=known[row.id].route,
            phase=known[row.id].phase(now),
            created_at=row.created_at,
            version=issue.version if (issue := known[row.id].issue) else None,
            release_at=known[row.id].course.release_at,
            deadline_at=known[row.id].course.deadline_at,
            counts=counted[row.id],
            is_decided=row.id in decided,
            closed_at=row.closed_at,
        )
        for row in rows
    ]
