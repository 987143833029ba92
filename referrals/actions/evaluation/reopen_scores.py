from __future__ import annotations

from sqlalchemy import select

from kernel.work import Work
from referrals.actions.approvals.tell_colleagues import tell_evaluators
from referrals.tables import EvaluatorRow, ReferralRow


def reopen_scores(work: Work, referral_id: str) -> list[str]:
    """Take back that evaluators have handed in, where an offer came to those they had scored; return who they are.

    What they gave stays as it is; they score the new offer and hand in again, and until then nobody sees the others'
    scores (R25). They are told. The caller has locked the referral.
    """
    rows = work.session.scalars(
        select(EvaluatorRow)
        .where(
            EvaluatorRow.referral_id == referral_id,
            EvaluatorRow.finished_at.is_not(None),
            EvaluatorRow.has_conflict.is_not(True),
            EvaluatorRow.released_at.is_(None),
        )
        .order_by(EvaluatorRow.person_id)
    ).all()
    for row in rows:
        row.finished_at, row.reopened_at = None, work.now
    work.session.flush()
    people = [row.person_id for row in rows]
    tell_evaluators(work, work.session.get_one(ReferralRow, referral_id), people, is_reopened=True)
    return people
