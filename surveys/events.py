from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True)
class SurveyStarted(Event):
    """People have been asked."""

    name: ClassVar[str] = "surveys.survey_started"
    survey_id: str
    forum_id: str
    asked: int


@dataclass(frozen=True)
class SurveyClosed(Event):
    """No more answers are counted."""

    name: ClassVar[str] = "surveys.survey_closed"
    survey_id: str
    forum_id: str


@dataclass(frozen=True)
class ConversationInterrupted(Event):
    """In the middle of a survey a person said something that others hear; afterwards the survey asks again."""

    name: ClassVar[str] = "surveys.conversation_interrupted"
    session_id: str
    contact_point_id: str
    inbound_id: str
