from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from people.retention import Cut, Sweeper
from surveys.personal_data import NAMELESS
from surveys.tables import AnswerRow, RemarkRow, SessionRow, SurveyRow


def _sessions(cut: Cut) -> Select[Any]:
    """Who was asked in a survey that closed long ago (V13: raw feedback 2 years, then aggregates)."""
    closed = select(SurveyRow.id).where(SurveyRow.closed_at < cut.before)
    named = or_(SessionRow.person_id.is_not(None), SessionRow.grant_id.is_not(None), SessionRow.state.is_not(None))
    free = or_(SessionRow.person_id.is_(None), SessionRow.person_id.not_in(cut.held))
    return select(SessionRow.id).where(SessionRow.survey_id.in_(closed), named, free)


def _forget(session: Session, ids: Sequence[Any]) -> None:
    """Take the words and the way back to a person away; what was chosen stays counted."""
    session.execute(delete(RemarkRow).where(RemarkRow.session_id.in_(ids)))
    session.execute(update(AnswerRow).where(AnswerRow.session_id.in_(ids)).values(value_text=None))
    session.execute(update(SessionRow).where(SessionRow.id.in_(ids)).values(**NAMELESS))
    session.expire_all()


SWEEPERS: Mapping[str, Sweeper] = {"surveys.answers": Sweeper(_sessions, _forget)}
