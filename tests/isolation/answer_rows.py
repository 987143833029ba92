"""A half's answers beside the first one: with a file, handed on, and too late."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from fps.actions.evidence.receive_file import ReceivedFile
from kernel.uploads import CheckedFile, FileKind
from kernel.work import Ground
from people.model import Role
from referrals.actions.answers.keep_calendar import open_calendar
from referrals.actions.record_response import RecordResponse, record_response
from referrals.model.answers import Costs, Response, ResponseKind
from referrals.queries.courses import standings
from referrals.tables import RecipientRow, ReferralRow
from tests.isolation.half import Half


def keep_answer_rows(ground: Ground, half: Half) -> None:
    """Answer with a file, and once more after the deadline."""
    user = half.people[Role.PROVIDER_USER]
    offer = Response(ResponseKind.OFFER, starts_on=date(2027, 1, 11), costs=Costs(education=48_000))
    file = CheckedFile(f"{half.mark}.pdf", FileKind.PDF, b"%PDF-1.7 " + half.mark.encode())
    with ground.work() as work:
        mine = RecipientRow.council_id == half.council, RecipientRow.provider_id == half.provider
        asked = work.session.scalars(select(RecipientRow).where(*mine).order_by(RecipientRow.id)).first()
        assert asked is not None
        row = work.session.get_one(ReferralRow, asked.referral_id)
        deadline_at = standings(work.session, [row])[row.id].course.deadline_at
        assert deadline_at is not None
        record_response(work, user, RecordResponse(asked.id, offer, work.now, (ReceivedFile(file, is_scanned=True),)))
        record_response(work, user, RecordResponse(asked.id, offer, deadline_at + timedelta(seconds=1)))
        open_calendar(work, user)
