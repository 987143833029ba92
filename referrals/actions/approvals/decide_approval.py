from __future__ import annotations

from dataclasses import dataclass

from kernel import audit
from kernel.errors import NotFoundError
from kernel.work import Work
from people.model import Actor
from referrals.actions.approvals.tell_colleagues import tell_of_decision
from referrals.actions.find_referral import find_referral
from referrals.model.approvals import OF_A_DRAFT, ApprovalOutcome
from referrals.model.records import Record
from referrals.queries.approvals import approval_by_id
from referrals.queries.conflicts import check_free
from referrals.queries.records import vouched
from referrals.rules.approving import check_decision
from referrals.rules.records import KEPT
from referrals.tables import ApprovalRow


@dataclass(frozen=True)
class DecideApproval:
    """A second person's decision; `words` say what has to change where it is refused."""

    approval_id: str
    outcome: ApprovalOutcome
    words: str


def decide_approval(work: Work, actor: Actor, command: DecideApproval) -> None:
    """Approve what a colleague asked for, or send it back; they are told.

    Raises NotFoundError for another council's, ForbiddenError for whoever asked or wrote the referral, wrote the
    reasons of a draft, or has a conflict of interest (R25), ConflictError where it is decided already,
    InvalidInputError where it is sent back without a word.
    """
    asked = approval_by_id(work.session, actor, command.approval_id)
    referral = find_referral(work, actor, asked.referral_id)
    check_free(work.session, actor, referral.id)
    row = work.session.get(ApprovalRow, asked.id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFoundError
    involved = {row.asked_by, referral.author_id}
    if row.kind in OF_A_DRAFT and referral.written_by:
        involved.add(referral.written_by)
    check_decision(actor.id, involved, command.outcome, command.words, is_open=row.decided_at is None)
    row.decided_by, row.decided_at = actor.id, work.now
    row.outcome, row.words = command.outcome, command.words.strip()
    work.session.flush()
    details = {
        "approval_id": row.id,
        "kind": row.kind,
        "outcome": command.outcome,
        "fingerprint": row.fingerprint,
        KEPT: vouched(work.session, referral.id, Record.APPROVAL, key=row.id),
    }
    audit.record(
        work, actor=actor.id, action="referrals.decide_approval", subject=("referral", referral.id), details=details
    )
    tell_of_decision(work, referral, row)
