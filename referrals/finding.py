from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fps.queries import lots_by_id
from kernel.finding import Found, holds
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.queries.courses import standings
from referrals.rules.standing import can_read
from referrals.tables import RecipientRow, ReferralRow


def find_referrals(session: Session, actor: Actor, words: str, limit: int, _now: datetime) -> list[Found]:
    """Find the issued referrals of this person's councils by reference, the newest first."""
    councils = organisations_with(actor, Permission.REFERRALS_READ)
    rows = session.scalars(
        select(ReferralRow)
        .where(ReferralRow.council_id.in_(councils), holds(ReferralRow.reference, words))
        .order_by(ReferralRow.created_at.desc(), ReferralRow.id)
        .limit(limit)
    ).all()
    known = standings(session, rows)
    return _found(session, [row for row in rows if known[row.id].issue is not None])


def find_asked(session: Session, actor: Actor, words: str, limit: int, now: datetime) -> list[Found]:
    """Find by reference the referrals that this person's providers were asked about and can still open (R32)."""
    providers = organisations_with(actor, Permission.REFERRALS_ANSWER)
    mine = select(RecipientRow.referral_id).where(RecipientRow.provider_id.in_(providers))
    rows = session.scalars(
        select(ReferralRow)
        .where(ReferralRow.id.in_(mine), holds(ReferralRow.reference, words))
        .order_by(ReferralRow.created_at.desc(), ReferralRow.id)
        .limit(limit)
    ).all()
    known = standings(session, rows)
    return _found(session, [row for row in rows if can_read(known[row.id].course, known[row.id].terms, now)])


def _found(session: Session, rows: list[ReferralRow]) -> list[Found]:
    lots = lots_by_id(session, {row.lot_id for row in rows})
    return [Found(row.id, row.reference, lots[row.lot_id].title) for row in rows]
