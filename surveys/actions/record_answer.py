from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from kernel.ids import new_id
from kernel.work import Work
from people.queries import organisation
from surveys.messages import Telling, replies
from surveys.model import Answer, Definition, SurveyStatus
from surveys.queries import definition_of
from surveys.rules.conversation import step
from surveys.rules.state import Ended, FormFilled, Input, Recorded, Remarked, State, Step, SurveyOver, TextHeard
from surveys.rules.wording import Speaker
from surveys.tables import AnswerRow, RemarkRow, SessionRow, SurveyRow


@dataclass(frozen=True)
class Taken:
    """What one step of a conversation did, and the messages that it wants said."""

    survey_id: str
    step: Step
    tellings: tuple[Telling, ...]


def record_answer(work: Work, session_id: str, heard: Input, channel: str) -> Taken:
    """Take one input into a person's conversation: record what it answers, keep what it says besides.

    The session stays locked until the end of `work`, so that a text and a page cannot overtake each other.
    """
    found = select(SessionRow).where(SessionRow.id == session_id).with_for_update()
    row = work.session.scalars(found.execution_options(populate_existing=True)).one()
    survey = work.session.get_one(SurveyRow, row.survey_id)
    definition = definition_of(work.session, row.survey_id, row.version)
    state = State.from_json(row.state or {})
    if survey.status == SurveyStatus.CLOSED:
        state = step(definition, state, SurveyOver(work.now)).state
    result = step(definition, state, heard)
    row.state, row.phase = result.state.to_json(), result.state.phase
    _write(work, survey, row, definition, result, channel)
    speaker = Speaker(definition, row.language, work.translations)
    forum = organisation(work.session, survey.forum_id).name
    tellings = replies(speaker, result, forum=forum, grant_id=row.grant_id or "")
    return Taken(survey.id, result, () if isinstance(heard, FormFilled) else tuple(tellings))


def hear_text(work: Work, session_id: str, text: str, channel: str) -> Taken:
    """Take a text into a person's conversation."""
    return record_answer(work, session_id, TextHeard(text, work.now), channel)


def fill_form(work: Work, session_id: str, answer: Answer, channel: str) -> Taken:
    """Take an answer from a page into a person's conversation."""
    return record_answer(work, session_id, FormFilled(answer, work.now), channel)


def _write(work: Work, survey: SurveyRow, row: SessionRow, definition: Definition, result: Step, channel: str) -> None:
    for effect in result.effects:
        match effect:
            case Recorded(answer):
                row.answered_at = work.now
                _write_answer(work, survey, row, definition, answer, channel)
            case Remarked(question_id, text) if text.strip():
                work.session.add(
                    RemarkRow(
                        id=new_id(),
                        session_id=row.id,
                        question_id=question_id,
                        text=text,
                        channel=channel,
                        recorded_at=work.now,
                    )
                )
            case Ended():
                row.finished_at = work.now


def _write_answer(
    work: Work, survey: SurveyRow, row: SessionRow, definition: Definition, answer: Answer, channel: str
) -> None:
    """Write an answer, in place of an earlier one to the same question."""
    written = work.session.get(AnswerRow, (row.id, answer.question_id))
    if written is None:
        written = AnswerRow(
            session_id=row.id,
            question_id=answer.question_id,
            survey_id=survey.id,
            version=row.version,
            forum_id=survey.forum_id,
            council_id=survey.council_id,
            kind=definition.question(answer.question_id).kind,
            language=row.language,
        )
        work.session.add(written)
    written.outcome = answer.outcome
    written.value_number = answer.number
    written.value_option = answer.option
    written.value_text = answer.text
    written.channel = channel
    written.recorded_at = work.now
