from __future__ import annotations

from sqlalchemy import select

from kernel import audit
from kernel.errors import ConflictError, NotFoundError
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.actions.find_referral import lock_referral, standing_of
from referrals.rules.standing import check_readable
from referrals.tables import AcknowledgementRow, RecipientRow


def acknowledge_version(work: Work, actor: Actor, referral_id: str, version: int) -> None:
    """Record that somebody has read a version, for each setting of their provider that was asked (R10).

    Twice is as good as once. Raises NotFoundError where none was asked, ConflictError where a newer version is out.
    """
    providers = organisations_with(actor, Permission.REFERRALS_ANSWER)
    row = lock_referral(work, referral_id)
    asked = select(RecipientRow.id).where(RecipientRow.referral_id == row.id, RecipientRow.provider_id.in_(providers))
    recipients = work.session.scalars(asked.order_by(RecipientRow.id)).all()
    standing = standing_of(work, row)
    issue = standing.issue
    if issue is None or not recipients:
        raise NotFoundError
    check_readable(standing.course, standing.terms, work.now)
    if issue.version != version:
        raise ConflictError("This referral has changed again. Read the newest version, then confirm it.")
    known = select(AcknowledgementRow.recipient_id).where(AcknowledgementRow.issue_id == issue.id)
    seen = set(work.session.scalars(known.where(AcknowledgementRow.recipient_id.in_(recipients))))
    new = [recipient_id for recipient_id in recipients if recipient_id not in seen]
    for recipient_id in new:
        work.session.add(
            AcknowledgementRow(issue_id=issue.id, recipient_id=recipient_id, person_id=actor.id, at=work.now)
        )
    work.session.flush()
    if new:
        details = {"version": version, "recipients": new}
        audit.record(
            work, actor=actor.id, action="referrals.acknowledge", subject=("referral", row.id), details=details
        )
