from __future__ import annotations

from dataclasses import dataclass

from kernel import audit
from kernel.errors import ForbiddenError, InvalidInputError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from people.queries import council_of
from surveys.actions.find_survey import may_run
from surveys.model import FALLBACK_LANGUAGE, Definition, SurveyStatus
from surveys.rules.check_definition import problems
from surveys.tables import SurveyRow, SurveyVersionRow

_FIRST = 1


@dataclass(frozen=True)
class CreateSurvey:
    """A survey of a forum, with what it asks."""

    forum_id: str
    definition: Definition


def create_survey(work: Work, actor: Actor, command: CreateSurvey) -> str:
    """Write a survey as a draft and return its id.

    Raises ForbiddenError for another forum's coordinator, InvalidInputError for a definition that cannot be asked.
    """
    if not may_run(actor, command.forum_id):
        raise ForbiddenError
    found = problems(command.definition)
    if found:
        raise InvalidInputError("definition", "{problem}", problem=found[0])
    council = council_of(work.session, command.forum_id)
    survey_id = new_id()
    work.session.add(
        SurveyRow(
            id=survey_id,
            forum_id=command.forum_id,
            council_id=council.id if council else None,
            title=command.definition.title.in_language(FALLBACK_LANGUAGE),
            version=_FIRST,
            status=SurveyStatus.DRAFT,
            created_by=actor.id,
            created_at=work.now,
        )
    )
    work.session.flush()
    work.session.add(
        SurveyVersionRow(
            survey_id=survey_id,
            number=_FIRST,
            definition=command.definition.to_json(),
            created_by=actor.id,
            created_at=work.now,
        )
    )
    audit.record(work, actor=actor.id, action="surveys.create", subject=("survey", survey_id))
    return survey_id
