from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from kernel.errors import ForbiddenError
from people.model import Actor
from referrals.tables import EvaluatorRow


def has_conflict(session: Session, person_id: str, referral_id: str) -> bool:
    """Tell whether a person has declared a conflict of interest in a referral (R25)."""
    row = session.get(EvaluatorRow, (referral_id, person_id))
    return row is not None and row.has_conflict is True


def conflicts_of(person_id: str) -> Select[str]:
    """Return the query for the referrals in which a person has declared a conflict of interest."""
    return select(EvaluatorRow.referral_id).where(
        EvaluatorRow.person_id == person_id, EvaluatorRow.has_conflict.is_(True)
    )


def check_free(session: Session, actor: Actor, referral_id: str) -> None:
    """Raise ForbiddenError for whoever has declared a conflict of interest: they read no answer and decide nothing."""
    if has_conflict(session, actor.id, referral_id):
        raise ForbiddenError("You have declared a conflict of interest. Your colleagues evaluate this referral.")
