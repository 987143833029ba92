from __future__ import annotations

from kernel import audit
from kernel.events import publish
from kernel.work import Work
from people.model import Actor
from referrals.actions.evaluation.end_without_award import end_without_award
from referrals.actions.evaluation.follow_up import follow_up
from referrals.actions.evaluation.tell_outcome import tell_outcome
from referrals.actions.find_referral import find_referral, standing_of
from referrals.events import ReferralAwarded, ReferralClosed
from referrals.model.awards import NextStep, Outcome
from referrals.model.records import Record
from referrals.queries.conflicts import check_free
from referrals.queries.records import vouched
from referrals.rules.records import KEPT
from referrals.rules.standing import check_close


def close_referral(
    work: Work, actor: Actor, referral_id: str, reason: str, next_step: NextStep = NextStep.NOTHING
) -> str | None:
    """End a referral without an award, with the reason and what follows, and tell all who were asked (R27, R29).

    Returns the id of the draft that follows, None where nothing does. Raises NotFoundError for another council's,
    ForbiddenError for whoever has a conflict of interest, ConflictError before the deadline or a second time,
    InvalidInputError without a reason.
    """
    row = find_referral(work, actor, referral_id)
    standing = standing_of(work, row)
    check_close(standing.course, standing.terms, work.now)
    check_free(work.session, actor, row.id)
    award = end_without_award(work, actor, row, reason, next_step)
    tell_outcome(work, actor.id, award, standing)
    decided = vouched(work.session, row.id, Record.DECISION)
    details = {"award_id": award.id, "next_step": next_step, KEPT: decided}
    audit.record(work, actor=actor.id, action="referrals.close", subject=("referral", row.id), details=details)
    publish(work, ReferralClosed(row.id, row.council_id))
    publish(work, ReferralAwarded(row.id, row.council_id, award.id, Outcome.NO_AWARD, row.route))
    return follow_up(work, actor, row, next_step.route) if next_step.route else None
