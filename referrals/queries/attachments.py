from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from referrals.rules.issuing import Attached
from referrals.tables import AttachmentRow


def files_of(session: Session, referral_id: str) -> tuple[Attached, ...]:
    """Return the files that go out with a referral, in the order in which they were added."""
    columns = select(AttachmentRow.id, AttachmentRow.name, AttachmentRow.size, AttachmentRow.sha256)
    rows = columns.where(AttachmentRow.referral_id == referral_id).order_by(AttachmentRow.added_at, AttachmentRow.id)
    return tuple(Attached(*row) for row in session.execute(rows))
