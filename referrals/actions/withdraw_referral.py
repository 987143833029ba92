from __future__ import annotations

from channels.actions.cancel_messages import cancel_messages
from channels.model import Subject
from kernel import audit
from kernel.events import publish
from kernel.work import Work
from people.model import Actor
from referrals.actions.evaluation.end_without_award import end_without_award
from referrals.actions.evaluation.tell_outcome import tell_outcome
from referrals.actions.find_referral import find_referral, standing_of
from referrals.events import ReferralAwarded, ReferralClosed
from referrals.messages.asking import ALERT, REMINDER
from referrals.messages.equal import ANSWERED, CHANGED, MOVED, NOT_REACHED, QUESTION_ASKED
from referrals.messages.outcomes import WITHDRAWN
from referrals.model.awards import NextStep, Outcome
from referrals.model.records import Record
from referrals.queries.conflicts import check_free
from referrals.queries.records import vouched
from referrals.rules.records import KEPT
from referrals.rules.standing import check_withdraw

_OVER = (ALERT, REMINDER, CHANGED, MOVED, ANSWERED, QUESTION_ASKED, NOT_REACHED)
"""What asks somebody to do something for the referral; receipts still go out."""


def withdraw_referral(work: Work, actor: Actor, referral_id: str, reason: str) -> None:
    """Stop a referral before its deadline, with the reason, and tell all who were told of it (R9, R27, R29).

    Before the release nobody was told, so nobody hears of it. Answers that are in stay sealed for ever (R21). Raises
    NotFoundError for another council's, ForbiddenError for whoever has a conflict of interest, ConflictError after
    the deadline or once it is closed, InvalidInputError without a reason.
    """
    row = find_referral(work, actor, referral_id)
    standing = standing_of(work, row)
    check_withdraw(standing.course, standing.terms, work.now)
    check_free(work.session, actor, row.id)
    award = end_without_award(work, actor, row, reason, NextStep.WITHDRAWN)
    about = Subject("referral", row.id)
    cancelled = cancel_messages(work, about=about, keys=[each.key for each in _OVER], detail="withdrawn")
    issue = standing.issue
    if issue is not None and issue.release_at <= work.now:
        tell_outcome(work, actor.id, award, standing, WITHDRAWN)
    decided = vouched(work.session, row.id, Record.DECISION)
    details = {"award_id": award.id, "cancelled": cancelled, KEPT: decided}
    audit.record(work, actor=actor.id, action="referrals.withdraw", subject=("referral", row.id), details=details)
    publish(work, ReferralClosed(row.id, row.council_id))
    publish(work, ReferralAwarded(row.id, row.council_id, award.id, Outcome.NO_AWARD, row.route))
