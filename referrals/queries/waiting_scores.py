from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists
from sqlalchemy.orm import Session, aliased

from people.model import Actor
from people.permissions import Permission, organisations_with
from people.waiting import Waiting, count_waiting
from referrals.model.awards import Outcome
from referrals.queries.lists import is_readable
from referrals.tables import AwardRow, EvaluatorRow, IssueRow, ReferralRow


def to_score(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the unsealed referrals that this person was named to score and has not handed in (R25)."""
    later = aliased(IssueRow)
    is_outdated = exists().where(later.referral_id == IssueRow.referral_id, later.version > IssueRow.version)
    return count_waiting(
        session,
        EvaluatorRow.named_at,
        EvaluatorRow.person_id == actor.id,
        EvaluatorRow.has_conflict.is_not(True),
        EvaluatorRow.finished_at.is_(None),
        EvaluatorRow.released_at.is_(None),
        ReferralRow.id == EvaluatorRow.referral_id,
        ReferralRow.council_id.in_(organisations_with(actor, Permission.REFERRALS_ISSUE)),
        ReferralRow.closed_at.is_(None),
        is_readable(),
        IssueRow.referral_id == ReferralRow.id,
        IssueRow.deadline_at < now,
        ~is_outdated,
    )


def to_begin(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the awards whose standstill is over and whose placement has not begun (R27)."""
    return count_waiting(
        session,
        AwardRow.standstill_until,
        AwardRow.council_id.in_(organisations_with(actor, Permission.REFERRALS_ISSUE)),
        AwardRow.outcome == Outcome.AWARD,
        AwardRow.standstill_until <= now,
        AwardRow.confirmed_at.is_(None),
    )
