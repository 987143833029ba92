"""The second pair of eyes on a draft: all that needs it is asked for, and decided, in one go."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from kernel import audit
from kernel.errors import ConflictError
from kernel.work import Work
from people.model import Actor
from referrals.actions.approvals.ask_approval import AskApproval, ask_approval
from referrals.actions.approvals.decide_approval import DecideApproval, decide_approval
from referrals.actions.find_referral import find_draft
from referrals.model.approvals import OF_A_DRAFT, ApprovalKind, ApprovalOutcome
from referrals.model.records import Record
from referrals.queries.approvals import approval
from referrals.queries.drafts import unconfirmed_findings
from referrals.queries.looks import Looks, looks_of
from referrals.queries.records import vouched
from referrals.rules.records import KEPT
from referrals.tables import ApprovalRow, ReferralRow

_CHANGED = "The referral has changed since you looked. Look at it again, then decide."


@dataclass(frozen=True)
class Look:
    """A press on the page that shows a draft as it goes out; `previewed` is the fingerprint of what it showed."""

    referral_id: str
    previewed: str


def ask_for_look(work: Work, actor: Actor, look: Look) -> None:
    """Ask a colleague to approve a draft exactly as it was shown.

    Raises NotFoundError for another council's, ConflictError where it is issued already, has changed since, cannot be
    issued, or has nothing that needs a second person.
    """
    row, looks = _looks(work, actor, look)
    if unconfirmed_findings(work.session, row):
        raise ConflictError("Check the wording first: some of it may identify the learner.")
    if looks.shown.faults:
        raise ConflictError(looks.shown.faults[0])
    wanted = [one.kind for one in looks.lines if one.card is None or not one.card.is_approved]
    if not wanted:
        raise ConflictError("Nothing of this referral waits for a colleague.")
    withdraw_looks(work, actor, row.id, looks.fingerprint)
    for kind in wanted:
        reasons = looks.reasons(kind)
        ask_approval(work, actor, AskApproval(row.id, kind, reasons, looks.fingerprint))


def decide_look(work: Work, actor: Actor, look: Look, outcome: ApprovalOutcome, words: str) -> None:
    """Approve a draft exactly as it was shown, or send it back.

    Raises as decide_approval does, and ConflictError where it has changed since or nobody has asked.
    """
    row, looks = _looks(work, actor, look)
    open_kinds = [one.kind for one in looks.lines if one.card is not None and one.card.is_open]
    if not open_kinds:
        raise ConflictError("Nobody waits for a decision on this referral.")
    for kind in open_kinds:
        decide_approval(work, actor, DecideApproval(_open_id(work, row, kind, looks), outcome, words))


def withdraw_looks(work: Work, actor: Actor, referral_id: str, but: str = "") -> None:
    """Withdraw what colleagues were asked of other states of a draft than that with the fingerprint `but`."""
    rows = work.session.scalars(
        select(ApprovalRow).where(
            ApprovalRow.referral_id == referral_id,
            ApprovalRow.kind.in_(OF_A_DRAFT),
            ApprovalRow.fingerprint != but,
            ApprovalRow.decided_at.is_(None),
        )
    ).all()
    for row in rows:
        row.decided_by, row.decided_at, row.outcome = actor.id, work.now, ApprovalOutcome.WITHDRAWN
        work.session.flush()
        details = {"approval_id": row.id, KEPT: vouched(work.session, referral_id, Record.APPROVAL, key=row.id)}
        about = ("referral", referral_id)
        audit.record(work, actor=actor.id, action="referrals.withdraw_approval", subject=about, details=details)


def _looks(work: Work, actor: Actor, look: Look) -> tuple[ReferralRow, Looks]:
    row = find_draft(work, actor, look.referral_id)
    looks = looks_of(work.session, row, work.now)
    if looks is None or looks.shown.fingerprint != look.previewed:
        raise ConflictError(_CHANGED)
    return row, looks


def _open_id(work: Work, row: ReferralRow, kind: ApprovalKind, looks: Looks) -> str:
    asked = approval(work.session, row.id, kind, looks.fingerprint)
    if asked is None:
        raise ConflictError(_CHANGED)
    return asked.id
