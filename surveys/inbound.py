from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.inbox.hearing import Disposition, Ending, Heard, Hearer, reply
from channels.model import Status, Subject
from channels.queries import messages_to
from kernel.events import publish
from kernel.work import Work
from surveys.actions.record_answer import hear_text
from surveys.events import ConversationInterrupted
from surveys.messages import INVITE
from surveys.model import SurveyStatus
from surveys.rules.state import Account, NotMine, Phase
from surveys.tables import SessionRow, SurveyRow

FINISHED_LISTENS_FOR = timedelta(days=1)
"""How long after the last answer thanks and further words still belong to the survey."""
CLOSED_LISTENS_FOR = timedelta(days=14)
"""How long after the close somebody who had not finished is told that it has closed."""
_ON_ITS_WAY = frozenset({Status.HANDING_OVER, Status.UNKNOWN, Status.SENT, Status.DELIVERED})
_Conversation = tuple[SessionRow, SurveyRow]


def hear_answer(work: Work, heard: Heard) -> Disposition | None:
    """Take a text into the person's open survey; a question back is left to those who hear after us."""
    if heard.action is not None or heard.is_stranger or not heard.text.strip():
        return None
    session_id = _listening_session(work.session, heard, work.now)
    if session_id is None:
        return None
    taken = hear_text(work, session_id, heard.text, heard.channel)
    if taken.step.account is Account.NOT_MINE:
        if NotMine(come_back=True) in taken.step.effects:
            publish(work, ConversationInterrupted(session_id, heard.contact_point_id, heard.inbound_id))
        return None
    about_survey = replace(heard, about=Subject("survey", taken.survey_id))
    for telling in taken.tellings:
        reply(work, about_survey, telling.type, telling.values)
    is_answer = taken.step.account is Account.RECORDED
    return Disposition(Ending.RECORDED, "survey answer" if is_answer else "remark beside a survey")


def _listening_session(session: Session, heard: Heard, now: datetime) -> str | None:
    """The conversation that a text belongs to: the survey that it answers, else one asking, else one just over."""
    found = session.execute(
        select(SessionRow, SurveyRow)
        .join(SurveyRow, SurveyRow.id == SessionRow.survey_id)
        .where(SessionRow.person_id == heard.person.id, SessionRow.asked_at.is_not(None))
        .order_by(SessionRow.asked_at.desc(), SessionRow.id.desc())
        .limit(20)
    )
    rows = [(conversation, survey) for conversation, survey in found]
    if heard.about is not None and heard.about.kind == "survey":
        rows = [row for row in rows if row[1].id == heard.about.id]
    elif heard.about is not None:
        return None
    for is_listening in (_is_asking, _is_just_finished, _is_just_closed):
        for row in rows:
            if is_listening(row, now) and _has_been_asked(session, row):
                return row[0].id
    return None


def _is_asking(row: _Conversation, _now: datetime) -> bool:
    conversation, survey = row
    return conversation.phase == Phase.ASKING and survey.status == SurveyStatus.OPEN


def _is_just_finished(row: _Conversation, now: datetime) -> bool:
    finished_at = row[0].finished_at
    return finished_at is not None and now - finished_at <= FINISHED_LISTENS_FOR


def _is_just_closed(row: _Conversation, now: datetime) -> bool:
    conversation, survey = row
    closed_at = survey.closed_at
    return conversation.finished_at is None and closed_at is not None and now - closed_at <= CLOSED_LISTENS_FOR


def _has_been_asked(session: Session, row: _Conversation) -> bool:
    """Whether the invitation can have reached the person: a text from before it is no answer to it."""
    conversation, survey = row
    if conversation.answered_at is not None:
        return True
    if conversation.person_id is None:
        return False  # whose it was has been erased
    about = Subject("survey", survey.id)
    sent = messages_to(session, conversation.person_id)
    return any(one.about == about and one.key == INVITE.key and one.status in _ON_ITS_WAY for one in sent)


HEARERS: tuple[Hearer, ...] = (hear_answer,)
