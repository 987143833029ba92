from __future__ import annotations

from sqlalchemy import ColumnElement, select

from people.holdings import Fate, Holding, Holdings
from surveys.tables import AnswerRow, RemarkRow, SessionRow, SurveyRow, SurveyVersionRow

_COUNTED = (
    "What was chosen stays counted, in rows that lead to nobody: else a change in the figures would tell it (V10)."
)
_WRITTEN = "It says who wrote a survey; only the person's number stays in it."


def _answers(person_id: str) -> ColumnElement[bool]:
    return AnswerRow.session_id.in_(select(SessionRow.id).where(SessionRow.person_id == person_id))


def _remarks(person_id: str) -> ColumnElement[bool]:
    return RemarkRow.session_id.in_(select(SessionRow.id).where(SessionRow.person_id == person_id))


NAMELESS = {"person_id": None, "grant_id": None, "state": None, "phase": None}
"""What is written over a session so that it leads to nobody."""

HOLDINGS = (
    Holding(
        "remarks",
        "Words beside your answers",
        RemarkRow,
        Fate.DELETE,
        of=_remarks,
        shown={"text": "What you wrote", "channel": "Channel", "recorded_at": "When"},
    ),
    Holding(
        "answers",
        "Your answers",
        AnswerRow,
        Fate.EMPTY,
        of=_answers,
        shown={
            "survey_id": "Survey",
            "question_id": "Question",
            "outcome": "Answered",
            "value_number": "Number",
            "value_option": "Choice",
            "value_text": "Words",
            "language": "Language",
            "channel": "Channel",
            "recorded_at": "When",
        },
        emptied={"value_text": None},
        why=_COUNTED,
        until="2 years after the survey has closed",
    ),
    Holding(
        "surveys",
        "Surveys you were asked in",
        SessionRow,
        Fate.EMPTY,
        "person_id",
        shown={
            "survey_id": "Survey",
            "language": "Language",
            "asked_at": "Asked",
            "answered_at": "Last answered",
            "finished_at": "Finished",
            "left_out": "Left out because",
        },
        emptied=NAMELESS,
    ),
    Holding("surveys_made", "Surveys made", SurveyRow, Fate.KEEP, "created_by", why=_WRITTEN, until="the survey goes"),
    Holding("surveys_written", "Versions written", SurveyVersionRow, Fate.KEEP, "created_by"),
)
PERSON_DATA = Holdings("surveys", HOLDINGS)
