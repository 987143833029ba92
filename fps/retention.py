from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from fps import application_retention, evidence_retention
from fps.messages.rounds import CONFIRM_WITHIN
from fps.tables import (
    LeavingLearnerRow,
    LeavingPlanRow,
    RoundContactRow,
    RoundQuestionRow,
    RoundReplyRow,
    RoundRow,
    RoundSignUpRow,
)
from people.actions.meet_contact import forget_met
from people.retention import Cut, Sweeper


def _contacts(cut: Cut) -> Select[Any]:
    """Whoever took part in a round that closed long ago."""
    closed = select(RoundRow.id).where(RoundRow.closes_at < cut.before)
    return select(RoundContactRow.id).where(
        RoundContactRow.round_id.in_(closed), RoundContactRow.person_id.not_in(cut.held)
    )


def _unconfirmed(cut: Cut) -> Select[Any]:
    """Whoever left an address and did not confirm it while the link held."""
    return select(RoundContactRow.id).where(
        RoundContactRow.confirmed_at.is_(None),
        RoundContactRow.asked_at < cut.before - CONFIRM_WITHIN,
        RoundContactRow.person_id.not_in(cut.held),
    )


def _remove(session: Session, ids: Sequence[Any]) -> None:
    """Forget who took part; what was asked and answered in public stays, without them (R11)."""
    left = select(RoundContactRow.person_id).where(
        RoundContactRow.id.in_(ids), RoundContactRow.contact_point_id.is_not(None)
    )
    persons = list(session.scalars(left))
    session.execute(delete(RoundReplyRow).where(RoundReplyRow.contact_id.in_(ids)))
    session.execute(delete(RoundSignUpRow).where(RoundSignUpRow.contact_id.in_(ids)))
    question = update(RoundQuestionRow).where(RoundQuestionRow.contact_id.in_(ids))
    session.execute(question.values(contact_id=None))
    session.execute(delete(RoundContactRow).where(RoundContactRow.id.in_(ids)))
    forget_met(session, persons)


def _settled(cut: Cut) -> Select[Any]:
    """Learners on plans of settings that left long ago; the counts stay with the plan."""
    over = select(LeavingPlanRow.id).where(LeavingPlanRow.ended_at < cut.before)
    return select(LeavingLearnerRow.id).where(
        LeavingLearnerRow.plan_id.in_(over), LeavingLearnerRow.recorded_by.not_in(cut.held)
    )


def _forget_learners(session: Session, ids: Sequence[Any]) -> None:
    session.execute(delete(LeavingLearnerRow).where(LeavingLearnerRow.id.in_(ids)))


SWEEPERS: Mapping[str, Sweeper] = {
    **evidence_retention.SWEEPERS,
    "fps.leaving_learners": Sweeper(_settled, _forget_learners),
    **application_retention.SWEEPERS,
    "fps.round_contacts": Sweeper(_contacts, _remove),
    "fps.round_unconfirmed": Sweeper(_unconfirmed, _remove),
}
