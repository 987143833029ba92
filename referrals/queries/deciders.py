"""Who of a council hears what second people are asked, and what came of it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.model import Role
from people.queries import persons_with_role
from referrals.model.approvals import OF_A_DRAFT
from referrals.tables import ApprovalRow, EvaluatorRow, ReferralRow


def may_decide(session: Session, referral: ReferralRow, asked: ApprovalRow) -> list[str]:
    """Return the commissioners who may decide as the second person.

    That is neither who asked nor who wrote the referral or the reasons of a draft, nor who has a conflict of interest
    (R25).
    """
    conflicts = select(EvaluatorRow.person_id).where(
        EvaluatorRow.referral_id == referral.id, EvaluatorRow.has_conflict.is_(True)
    )
    left_out = {asked.asked_by, referral.author_id, *session.scalars(conflicts)}
    if asked.kind in OF_A_DRAFT and referral.written_by:
        left_out.add(referral.written_by)
    return [each for each in _commissioners(session, referral.council_id) if each not in left_out]


def still_there(session: Session, council_id: str, person_id: str) -> list[str]:
    """Return a person while they are a commissioner of the council, and else all who are."""
    staff = _commissioners(session, council_id)
    return [person_id] if person_id in staff else staff


def _commissioners(session: Session, council_id: str) -> list[str]:
    return [person.id for person in persons_with_role(session, Role.COMMISSIONER, council_id)]
