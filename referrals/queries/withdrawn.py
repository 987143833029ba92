from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from referrals.model.awards import NextStep
from referrals.tables import AwardRow


def withdrawn_among(session: Session, referral_ids: Collection[str]) -> frozenset[str]:
    """Return those of these referrals that were withdrawn before their deadline."""
    row = AwardRow
    rows = select(row.referral_id).where(row.referral_id.in_(list(referral_ids)), row.next_step == NextStep.WITHDRAWN)
    return frozenset(session.scalars(rows))
