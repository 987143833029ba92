from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import Session, aliased

from people.model import Actor
from people.permissions import Permission, organisations_with
from people.waiting import Waiting, count_waiting
from referrals.tables import AlarmRow, IssueRow, QuestionRow, ReferralRow


def to_put_right(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the settings that an open referral of the actor's councils has not reached, since the first (R12)."""
    return count_waiting(
        session,
        AlarmRow.found_at,
        ReferralRow.id == AlarmRow.referral_id,
        AlarmRow.repaired_at.is_(None),
        *_open(actor, now),
    )


def questions_to_answer(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the questions that wait for an answer of the actor's councils while one can be given, since the first."""
    return count_waiting(
        session,
        QuestionRow.asked_at,
        ReferralRow.id == QuestionRow.referral_id,
        QuestionRow.answered_at.is_(None),
        *_open(actor, now),
    )


def _open(actor: Actor, now: datetime) -> tuple[ColumnElement[bool], ...]:
    councils = organisations_with(actor, Permission.REFERRALS_ISSUE)
    latest, later = aliased(IssueRow), aliased(IssueRow)
    is_outdated = exists().where(later.referral_id == latest.referral_id, later.version > latest.version)
    is_open = exists().where(latest.referral_id == ReferralRow.id, latest.deadline_at >= now, ~is_outdated)
    return (ReferralRow.council_id.in_(councils), ReferralRow.closed_at.is_(None), is_open)
