from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.finding import Found, holds
from people.model import Actor
from people.permissions import Permission, organisations_with
from surveys.tables import SurveyRow


def find_surveys(session: Session, actor: Actor, words: str, limit: int, _now: datetime) -> list[Found]:
    """Find the surveys of this person's forums by title, the newest first."""
    forums = organisations_with(actor, Permission.SURVEYS_READ)
    rows = select(SurveyRow.id, SurveyRow.title, SurveyRow.status).where(
        SurveyRow.forum_id.in_(forums), holds(SurveyRow.title, words)
    )
    found = session.execute(rows.order_by(SurveyRow.created_at.desc(), SurveyRow.id).limit(limit))
    return [Found(survey_id, title, str(status).capitalize()) for survey_id, title, status in found]
