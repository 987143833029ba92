from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from people.model import Actor
from people.permissions import Permission, organisations_with
from people.waiting import Waiting, count_waiting
from surveys.model import SurveyStatus
from surveys.tables import SurveyRow


def drafts(session: Session, actor: Actor, _now: datetime) -> Waiting:
    """Count the surveys that are written and that nobody has been asked yet, since the first of them was."""
    return count_waiting(session, SurveyRow.created_at, *_mine(actor, SurveyStatus.DRAFT))


def open_surveys(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the surveys that families answer now; those past their day wait to be closed."""
    return count_waiting(
        session,
        SurveyRow.closes_at,
        *_mine(actor, SurveyStatus.OPEN),
        coming=SurveyRow.closes_at.is_(None) | (SurveyRow.closes_at > now),
    )


def _mine(actor: Actor, status: SurveyStatus) -> tuple[ColumnElement[bool], ...]:
    forums = organisations_with(actor, Permission.SURVEYS_RUN)
    return (SurveyRow.forum_id.in_(forums), SurveyRow.status == status)
