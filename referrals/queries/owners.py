from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import scope
from people.model import Role
from people.queries.holders import hears_for, holders
from referrals.tables import ReferralRow


def owners_of(session: Session, referral_id: str) -> Sequence[str]:
    """Return who looks after a referral: whoever wrote it, or every commissioner of its council once they have left."""
    staff = holders(Role.COMMISSIONER)
    heard = hears_for(staff, ReferralRow.council_id.expression, ReferralRow.author_id.expression)
    rows = select(staff.c.person_id).select_from(ReferralRow).join(staff, heard).where(ReferralRow.id == referral_id)
    with scope.system("a council is told of its own referral, whoever's step it was", session):
        return session.scalars(rows.order_by(staff.c.person_id)).all()
