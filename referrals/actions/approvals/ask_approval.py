from __future__ import annotations

from dataclasses import dataclass

from kernel import audit
from kernel.errors import ConflictError, InvalidInputError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from referrals.actions.approvals.tell_colleagues import tell_of_question
from referrals.actions.find_referral import find_referral
from referrals.model.approvals import ApprovalKind
from referrals.model.records import Record
from referrals.queries.approvals import approval
from referrals.queries.records import vouched
from referrals.rules.approving import LONGEST_REASONS
from referrals.rules.records import KEPT
from referrals.tables import ApprovalRow


@dataclass(frozen=True)
class AskApproval:
    """Ask a colleague to approve exactly what `fingerprint` names."""

    referral_id: str
    kind: ApprovalKind
    reasons: str
    fingerprint: str


def ask_approval(work: Work, actor: Actor, command: AskApproval) -> str:
    """Ask a second person of the council, and return the id of the question; whoever may decide is told.

    Asked twice while nobody has decided it stays the same question. Raises NotFoundError for another council's
    referral, ConflictError once it is approved, InvalidInputError for reasons that are too long.
    """
    row = find_referral(work, actor, command.referral_id)
    if len(command.reasons) > LONGEST_REASONS:
        raise InvalidInputError("reasons", "Write no more than {most} characters.", most=LONGEST_REASONS)
    before = approval(work.session, row.id, command.kind, command.fingerprint)
    if before is not None and before.is_open:
        return before.id
    if before is not None and before.is_approved:
        raise ConflictError("A colleague has approved this already.")
    asked = ApprovalRow(
        id=new_id(),
        referral_id=row.id,
        council_id=row.council_id,
        kind=command.kind,
        asked_by=actor.id,
        asked_at=work.now,
        reasons=command.reasons.strip(),
        fingerprint=command.fingerprint,
    )
    work.session.add(asked)
    work.session.flush()
    details = {
        "approval_id": asked.id,
        "kind": command.kind,
        "fingerprint": command.fingerprint,
        KEPT: vouched(work.session, row.id, Record.APPROVAL, key=asked.id),
    }
    audit.record(work, actor=actor.id, action="referrals.ask_approval", subject=("referral", row.id), details=details)
    tell_of_question(work, row, asked)
    return asked.id
