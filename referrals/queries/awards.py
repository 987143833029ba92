from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from referrals.model.awards import AwardCard, NextStep, Outcome
from referrals.model.routes import Route
from referrals.tables.awards import AwardRow


def award_of(session: Session, referral_id: str) -> AwardCard | None:
    """Return the decision on a referral, None where there is none yet. Who may know of it is the caller's matter."""
    row = session.scalars(select(AwardRow).where(AwardRow.referral_id == referral_id)).first()
    return award_card(row) if row else None


def award_card(row: AwardRow) -> AwardCard:
    """Return a decision as other rooms read it."""
    return AwardCard(
        id=row.id,
        referral_id=row.referral_id,
        council_id=row.council_id,
        lot_id=row.lot_id,
        route=Route(row.route),
        outcome=Outcome(row.outcome),
        recipient_id=row.recipient_id,
        setting_id=row.setting_id,
        provider_id=row.provider_id,
        supplier=row.supplier,
        next_step=NextStep(row.next_step) if row.next_step else None,
        reasons=row.reasons,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        approved_by=row.approved_by,
        told_at=row.told_at,
        standstill_until=row.standstill_until,
        confirmed_at=row.confirmed_at,
    )
