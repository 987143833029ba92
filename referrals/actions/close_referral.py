from __future__ import annotations

from kernel import audit
from kernel.errors import InvalidInputError
from kernel.events import publish
from kernel.work import Work
from people.model import Actor
from referrals.actions.find_referral import find_referral, standing_of
from referrals.events import ReferralClosed
from referrals.rules.standing import check_close


def close_referral(work: Work, actor: Actor, referral_id: str, reason: str) -> None:
    """Close a referral after its deadline, with the reason that the record keeps (R29).

    Raises NotFoundError for another council's, ConflictError before the deadline or a second time,
    InvalidInputError without a reason.
    """
    row = find_referral(work, actor, referral_id)
    standing = standing_of(work, row)
    course, terms = standing.course, standing.terms
    check_close(course, terms, work.now)
    if not reason.strip():
        raise InvalidInputError("reason", "Say why you close this referral.")
    row.closed_at, row.closed_by, row.closed_reason = work.now, actor.id, reason.strip()
    audit.record(
        work,
        actor=actor.id,
        action="referrals.close",
        subject=("referral", row.id),
        details={"reason": reason.strip()},
    )
    publish(work, ReferralClosed(row.id, row.council_id))
