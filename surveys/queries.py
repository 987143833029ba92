from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, func, select
from sqlalchemy.orm import Session

from channels.actions.queue_messages import NewMessage
from channels.model import Reason
from channels.reach import reaches
from channels.rules.choose import Wish, choose
from kernel import scope
from kernel.errors import NotFoundError
from people.model import PersonCard, Role
from people.queries import organisation, persons_with_role
from surveys.messages import INVITE
from surveys.model import Definition, Invitee, LeftOut, Outcome, Participation, SurveyCard, SurveyStatus
from surveys.rules.asking import language_for, left_out
from surveys.rules.release import released
from surveys.rules.results import QuestionResult, Tally, tabulate
from surveys.rules.state import Phase, State
from surveys.tables import AnswerRow, SessionRow, SurveyRow, SurveyVersionRow

_BATCH = 500
_MOST_SHOWN = 20
_WAYS = {
    Reason.NO_CONTACT_POINT: LeftOut.NO_CONTACT_POINT,
    Reason.OPTED_OUT: LeftOut.OPTED_OUT,
    Reason.NO_CONSENT: LeftOut.NO_CONSENT,
}


@dataclass(frozen=True)
class SessionCard:
    """Where one person stands in one survey."""

    id: str
    survey: SurveyCard
    definition: Definition
    state: State


@dataclass(frozen=True)
class Results:
    """What may be shown of a survey: of how many respondents, and each question."""

    respondents: int
    questions: tuple[QuestionResult, ...]


def card(row: SurveyRow) -> SurveyCard:
    """A row as the card that travels."""
    return SurveyCard(
        row.id,
        row.forum_id,
        row.council_id,
        row.title,
        row.version,
        SurveyStatus(row.status),
        row.created_at,
        row.opened_at,
        row.closes_at,
        row.closed_at,
    )


def surveys_of(
    session: Session,
    forum_ids: Collection[str],
    status: SurveyStatus | None = None,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> list[SurveyCard]:
    """The surveys of these forums, those of one status where it is told, the newest first, or a page of them."""
    rows = select(SurveyRow).where(*_of_forums(forum_ids, status))
    in_order = rows.order_by(SurveyRow.created_at.desc(), SurveyRow.id.desc())
    return [card(row) for row in session.scalars(in_order.offset(offset).limit(limit))]


def count_surveys(session: Session, forum_ids: Collection[str], status: SurveyStatus | None = None) -> int:
    """How many surveys these forums have, of one status where it is told."""
    return session.scalar(select(func.count()).select_from(SurveyRow).where(*_of_forums(forum_ids, status))) or 0


def _of_forums(forum_ids: Collection[str], status: SurveyStatus | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [SurveyRow.forum_id.in_(list(forum_ids))]
    return conditions if status is None else [*conditions, SurveyRow.status == status]


def survey(session: Session, survey_id: str, forum_ids: Collection[str]) -> SurveyCard:
    """One survey; raises NotFoundError, also for another forum's."""
    row = session.get(SurveyRow, survey_id)
    if row is None or row.forum_id not in forum_ids:
        raise NotFoundError
    return card(row)


def definition_of(session: Session, survey_id: str, version: int) -> Definition:
    """What one version of a survey asks; raises NotFoundError."""
    row = session.get(SurveyVersionRow, (survey_id, version))
    if row is None:
        raise NotFoundError
    return Definition.from_json(row.definition)


def session_card(session: Session, session_id: str) -> SessionCard:
    """One person's place in a survey; raises NotFoundError, also for who was not asked."""
    row = session.get(SessionRow, session_id)
    if row is None or row.state is None:
        raise NotFoundError
    survey_row = session.get_one(SurveyRow, row.survey_id)
    definition = definition_of(session, row.survey_id, row.version)
    return SessionCard(row.id, card(survey_row), definition, State.from_json(row.state))


def session_of(session: Session, survey_id: str, person_id: str) -> str:
    """The id of a person's session in a survey; raises NotFoundError for who was not asked."""
    found = select(SessionRow.id).where(
        SessionRow.survey_id == survey_id, SessionRow.person_id == person_id, SessionRow.asked_at.is_not(None)
    )
    session_id = session.scalars(found).first()
    if session_id is None:
        raise NotFoundError
    return session_id


@dataclass(frozen=True)
class OwnSurvey:
    """A survey that somebody was asked: how far they are, and by when they may go on (None once they may not)."""

    session_id: str
    person_id: str
    forum: str
    answered: int
    asked: int
    is_finished: bool
    closes_at: datetime | None


def surveys_for(session: Session, person_ids: Collection[str]) -> list[OwnSurvey]:
    """The surveys that these persons were asked and that are open or that they have finished, the newest first."""
    theirs = select(SessionRow.id, SessionRow.person_id).where(
        SessionRow.person_id.in_(list(person_ids)), SessionRow.asked_at.is_not(None)
    )
    found = session.execute(theirs.order_by(SessionRow.asked_at.desc(), SessionRow.id.desc()).limit(_MOST_SHOWN))
    own = [_own(session, person_id or "", session_card(session, session_id)) for session_id, person_id in found.all()]
    return [each for each in own if each.is_finished or each.closes_at is not None]


def _own(session: Session, person_id: str, found: SessionCard) -> OwnSurvey:
    asked = {question.id for question in found.definition.asked}
    is_open = found.survey.status is SurveyStatus.OPEN and found.state.phase is Phase.ASKING
    return OwnSurvey(
        session_id=found.id,
        person_id=person_id,
        forum=organisation(session, found.survey.forum_id).name,
        answered=len(asked & {answer.question_id for answer in found.state.answers}),
        asked=len(asked),
        is_finished=found.state.phase is Phase.FINISHED,
        closes_at=found.survey.closes_at if is_open else None,
    )


def invitees(
    session: Session, definition: Definition, organisation_ids: Collection[str], now: datetime
) -> Iterator[Invitee]:
    """The families of these organisations, each with their language and why they are left out, if they are."""
    families = {
        family.id: family
        for organisation_id in dict.fromkeys(organisation_ids)
        for family in persons_with_role(session, Role.FAMILY, organisation_id)
    }
    known = list(families.values())
    for start in range(0, len(known), _BATCH):
        yield from _invitees(session, definition, known[start : start + _BATCH], now)


def _invitees(
    session: Session, definition: Definition, families: Sequence[PersonCard], now: datetime
) -> Iterator[Invitee]:
    asked = select(SessionRow.person_id, func.max(SessionRow.asked_at).label("at")).where(
        SessionRow.person_id.in_([family.id for family in families])
    )
    with scope.system("nobody is asked too often, whichever forum asks (V6)", session):
        last_asked = {row.person_id: row.at for row in session.execute(asked.group_by(SessionRow.person_id))}
    messages = [NewMessage(INVITE, {}, person_id=family.id) for family in families]
    known = reaches(session, messages)
    for family, message in zip(families, messages, strict=True):
        chosen = choose(Wish(solicited=False), known.of(message))
        way = _WAYS[chosen] if isinstance(chosen, Reason) else None
        reason = left_out(last_asked_at=last_asked.get(family.id), way=way, now=now)
        yield Invitee(family.id, language_for(definition, family.language), reason)


def participation(session: Session, survey_id: str) -> Participation:
    """How far a survey has come, in one query."""
    counts = select(
        func.count(SessionRow.asked_at),
        func.count(SessionRow.left_out),
        func.count(SessionRow.answered_at),
        func.count(SessionRow.finished_at),
    ).where(SessionRow.survey_id == survey_id)
    return Participation(*session.execute(counts).one())


def results(session: Session, survey: SurveyCard) -> Results:
    """What may be shown of a survey now; no questions where that would show a group under five (V10)."""
    counted = _counted(session, survey)
    by_language = select(counted.c.language, func.count().label("persons")).group_by(counted.c.language)
    respondents: dict[str, int] = {row.language: row.persons for row in session.execute(by_language)}
    grouped = (AnswerRow.question_id, counted.c.language, AnswerRow.outcome)
    cells = (*grouped, AnswerRow.value_number, AnswerRow.value_option)
    tallies = select(*cells, func.count()).join(counted, counted.c.id == AnswerRow.session_id).group_by(*cells)
    definition = definition_of(session, survey.id, survey.version)
    found = [
        Tally(question_id, language, Outcome(outcome), number, option, count)
        for question_id, language, outcome, number, option, count in session.execute(tallies)
    ]
    questions = tabulate(definition, found, respondents)
    return Results(sum(respondents.values()) if questions else 0, questions)


def _counted(session: Session, survey: SurveyCard) -> Subquery:
    """The sessions that count now: after the close all that hold an answer, before it whole fives of those finished."""
    of_survey = select(SessionRow.id, SessionRow.language).where(SessionRow.survey_id == survey.id)
    if survey.status is SurveyStatus.CLOSED:
        return of_survey.where(SessionRow.answered_at.is_not(None)).subquery()
    finished = participation(session, survey.id).finished
    in_order = of_survey.where(SessionRow.phase == Phase.FINISHED).order_by(SessionRow.finished_at, SessionRow.id)
    return in_order.limit(released(finished, is_closed=False)).subquery()
