"""What belongs to a draft referral: a file that goes out with it, and an agreement to a shorter time."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from kernel.uploads import CheckedFile, FileKind
from kernel.work import Ground
from people.model import Role
from referrals.actions.preparing.attach_file import AttachFile, attach_file
from referrals.tables import AgreementRow, IssueRow, ReferralRow
from tests.isolation.half import Half


def keep_draft_rows(ground: Ground, half: Half) -> None:
    """Attach a file to the half's draft, and record an agreement."""
    author = half.people[Role.COMMISSIONER]
    with ground.work() as work:
        drafts = select(ReferralRow.id).where(
            ReferralRow.council_id == half.council, ReferralRow.id.not_in(select(IssueRow.referral_id))
        )
        referral_id = work.session.scalars(drafts.order_by(ReferralRow.id)).first()
        assert referral_id is not None
        file = CheckedFile(f"{half.mark}.pdf", FileKind.PDF, b"%PDF- " + half.mark.encode())
        attach_file(work, author, AttachFile(referral_id, file, is_confirmed=True))
        work.session.add(
            AgreementRow(
                referral_id=referral_id,
                setting_id=half.setting,
                deadline_on=date(2026, 12, 1),
                evidence=f"Emails of {half.mark}",
                recorded_by=author.id,
                recorded_at=work.now,
            )
        )
