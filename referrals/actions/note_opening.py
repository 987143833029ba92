from __future__ import annotations

from kernel import audit
from kernel.work import Work
from people.model import Actor
from referrals.actions.find_referral import lock_referral, standing_of


def note_opening(work: Work, actor: Actor, referral_id: str) -> None:
    """Record that somebody read the answers to a referral for which nobody competes: no unsealing stands for it (R34).

    For a competition it records nothing: there two people unsealed (R22).
    """
    row = lock_referral(work, referral_id)
    if not standing_of(work, row).course.is_competitive:
        audit.record(work, actor=actor.id, action="referrals.open_answers", subject=("referral", row.id))
