from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from fps.queries import framework, lot
from kernel.keys import Keys
from people.model import Actor
from referrals.model.awards import AwardCard, NextStep, Outcome
from referrals.model.routes import Route
from referrals.queries.courses import Standing
from referrals.queries.evaluations import (
    family_view_of,
    moderation_of,
    offers_of,
    preference_of,
    scores_to_rank,
    settled_scores,
    weights_of,
)
from referrals.rules.awarding import Evaluated, award_fingerprint, offers_mark
from referrals.rules.ranking import rank
from referrals.tables import AwardRow, ReferralRow


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


def panel_of(session: Session, row: ReferralRow) -> str | None:
    """Return the panel that must approve an award, None where none does: off the framework there is none."""
    if row.route == Route.OFF_FRAMEWORK_SPOT:
        return None
    return framework(session, lot(session, row.lot_id).framework_id).approval_panel or None


def award_mark(session: Session, referral_id: str, recipient_id: str, seen: str) -> str:
    """Return what a panel approves, in one digest: who wins, of which offers, under which settled scores."""
    return award_fingerprint(referral_id, recipient_id, seen, settled_scores(session, referral_id))


def evaluated(session: Session, actor: Actor, referral_id: str, standing: Standing, keys: Keys) -> Evaluated:
    """Return what stands when somebody is to be awarded; raises as offers_of does (R21, R22)."""
    offers, weights = offers_of(session, actor, referral_id, keys), weights_of(standing)
    scores = scores_to_rank(settled_scores(session, referral_id), offers, weights)
    preference = preference_of(session, referral_id)
    is_ready = scores is not None and moderation_of(session, referral_id) is not None
    return Evaluated(
        offers=[offer.recipient_id for offer in offers],
        seen=offers_mark(offers),
        ranked=rank(scores, weights, preference.recipient_id if preference else None) if scores and is_ready else (),
        preference=preference,
        has_view=family_view_of(session, referral_id) is not None,
    )
