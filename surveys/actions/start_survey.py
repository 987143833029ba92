from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from kernel import audit
from kernel.errors import ConflictError, InvalidInputError
from kernel.events import publish
from kernel.ids import new_id
from kernel.work import Work
from people.actions.issue_grant import issue_grant
from people.model import Actor
from people.queries import organisation
from surveys.actions.find_survey import find_own_survey
from surveys.events import SurveyStarted
from surveys.messages import invitation
from surveys.model import Definition, Invitee, SurveyStatus
from surveys.queries import definition_of, invitees
from surveys.rules.asking import LINK_OUTLIVES_SURVEY
from surveys.rules.conversation import begin
from surveys.rules.wording import Speaker
from surveys.tables import SessionRow, SurveyRow

PURPOSE = "surveys.answer"
"""What the link to a survey grants: to answer it as the person to whom it was sent."""
_BATCH = 500


@dataclass(frozen=True)
class StartSurvey:
    """Open a survey for answers until `closes_at`."""

    survey_id: str
    closes_at: datetime


@dataclass(frozen=True)
class Started:
    """How many were asked, and how many were left out, each with the reason on their row."""

    asked: int
    left_out: int


def start_survey(work: Work, actor: Actor, command: StartSurvey) -> Started:
    """Ask the families of the forum and of its council, each once, in their language (V2, V6).

    Raises NotFoundError for another forum's survey, ConflictError for one that was started before and
    InvalidInputError for a close in the past or an audience that is empty.
    """
    row = find_own_survey(work, actor, command.survey_id)
    if row.status != SurveyStatus.DRAFT:
        raise ConflictError("This survey has been started already.")
    if command.closes_at <= work.now:
        raise InvalidInputError("closes_on", "Choose a day that is still to come.")
    row.status, row.opened_at, row.closes_at = SurveyStatus.OPEN, work.now, command.closes_at
    started = _ask_all(work, row)
    if not started.asked:
        raise InvalidInputError("closes_on", "There is nobody to ask now: see who is left out and why.")
    details = {"asked": started.asked, "left_out": started.left_out}
    audit.record(work, actor=actor.id, action="surveys.start", subject=("survey", row.id), details=details)
    publish(work, SurveyStarted(survey_id=row.id, forum_id=row.forum_id, asked=started.asked))
    return started


def _ask_all(work: Work, row: SurveyRow) -> Started:
    definition = definition_of(work.session, row.id, row.version)
    forum = organisation(work.session, row.forum_id).name
    everybody = invitees(work.session, definition, audience(row.forum_id, row.council_id), work.now)
    asked = left_out = 0
    for batch in _in_batches(everybody):
        wanted = [invitee for invitee in batch if invitee.left_out is None]
        work.session.add_all(_left_out_row(row, invitee) for invitee in batch if invitee.left_out is not None)
        queue_messages(work, [_ask(work, row, definition, forum, invitee) for invitee in wanted])
        work.session.flush()
        asked, left_out = asked + len(wanted), left_out + len(batch) - len(wanted)
    return Started(asked, left_out)


def audience(forum_id: str, council_id: str | None) -> tuple[str, ...]:
    """Return the organisations whose families a forum's survey asks: the forum's own and its council's."""
    return (forum_id, council_id) if council_id else (forum_id,)


def _in_batches(everybody: Iterator[Invitee]) -> Iterator[list[Invitee]]:
    while batch := list(islice(everybody, _BATCH)):
        yield batch


def _left_out_row(row: SurveyRow, invitee: Invitee) -> SessionRow:
    return SessionRow(
        id=new_id(),
        survey_id=row.id,
        version=row.version,
        person_id=invitee.person_id,
        language=invitee.language,
        left_out=invitee.left_out,
    )


def _ask(work: Work, row: SurveyRow, definition: Definition, forum: str, invitee: Invitee) -> NewMessage:
    """Open the person's session and return the message that begins their conversation."""
    session_id = new_id()
    expires_at = (row.closes_at or work.now) + LINK_OUTLIVES_SURVEY
    grant_id = issue_grant(work, purpose=PURPOSE, target=session_id, person_id=invitee.person_id, expires_at=expires_at)
    first = begin(definition, invitee.language, work.now)
    work.session.add(
        SessionRow(
            id=session_id,
            survey_id=row.id,
            version=row.version,
            person_id=invitee.person_id,
            language=invitee.language,
            state=first.state.to_json(),
            phase=first.state.phase,
            grant_id=grant_id,
            asked_at=work.now,
        )
    )
    telling = invitation(
        Speaker(definition, invitee.language, work.translations), first, forum=forum, grant_id=grant_id
    )
    return NewMessage(
        telling.type,
        telling.values,
        person_id=invitee.person_id,
        dedupe_key=f"surveys.invite:{row.id}:{invitee.person_id}",
        about=Subject("survey", row.id),
    )
