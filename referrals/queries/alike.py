"""How many learners of whom the hub knows are like that of a referral (R33)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from referrals.tables import IssueRow, ReferralRow


def count_alike(session: Session, row: ReferralRow) -> int:
    """Count the learners of the same lot, age band, need and council that the hub knows, this one among them (R33).

    A referral that went out stands for a learner; all that follow one another are for the same learner.
    """
    others = session.scalars(
        select(ReferralRow.id).where(
            ReferralRow.lot_id == row.lot_id,
            ReferralRow.age_band == row.age_band,
            ReferralRow.need_area == row.need_area,
            ReferralRow.council_id == row.council_id,
            ReferralRow.id.in_(select(IssueRow.referral_id)),
        )
    )
    chains = select(ReferralRow.id, ReferralRow.follows_id).where(
        ReferralRow.council_id == row.council_id, ReferralRow.follows_id.is_not(None)
    )
    before = {following: str(earlier) for following, earlier in session.execute(chains)}
    return len({_first(referral_id, before) for referral_id in (row.id, *others)})


def _first(referral_id: str, before: Mapping[str, str]) -> str:
    while referral_id in before:
        referral_id = before[referral_id]
    return referral_id
