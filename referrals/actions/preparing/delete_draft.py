from __future__ import annotations

from sqlalchemy import delete

from kernel import audit
from kernel.work import Work
from people.model import Actor
from referrals.actions.find_referral import find_draft
from referrals.tables import AgreementRow, ApprovalRow, AttachmentRow, ConfirmationRow

_BELONGING = (ConfirmationRow, ApprovalRow, AgreementRow, AttachmentRow)


def delete_draft(work: Work, actor: Actor, referral_id: str) -> None:
    """Delete a draft with all that belongs to it; the record of who did what with it stays.

    Raises NotFoundError for another council's and ConflictError once it is issued: what was issued is never deleted.
    """
    row = find_draft(work, actor, referral_id)
    for belonging in _BELONGING:
        work.session.execute(delete(belonging).where(belonging.referral_id == row.id))
    details = {"reference": row.reference}
    work.session.delete(row)
    work.session.flush()
    audit.record(
        work, actor=actor.id, action="referrals.delete_draft", subject=("referral", referral_id), details=details
    )
