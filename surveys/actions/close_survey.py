from __future__ import annotations

from channels.actions.cancel_messages import cancel_messages
from channels.model import Subject
from kernel import audit
from kernel.errors import ConflictError
from kernel.events import publish
from kernel.work import Work
from people.model import Actor
from surveys.actions.find_survey import find_own_survey
from surveys.events import SurveyClosed
from surveys.messages import INVITE
from surveys.model import SurveyStatus
from surveys.tables import SurveyRow


def close_survey(work: Work, actor: Actor, survey_id: str) -> None:
    """Close a survey: no answer counts from now on, what is answered stays, whoever is still to be asked is not.

    Raises NotFoundError for another forum's survey, ConflictError for one that is not open.
    """
    row = find_own_survey(work, actor, survey_id)
    if row.status != SurveyStatus.OPEN:
        raise ConflictError("This survey is not open.")
    close(work, row, actor.id)


def close(work: Work, row: SurveyRow, actor: str) -> None:
    """Close an open survey in the name of `actor`, a person's id or the system."""
    row.status, row.closed_at = SurveyStatus.CLOSED, work.now
    about = Subject("survey", row.id)
    cancelled = cancel_messages(work, about=about, keys=[INVITE.key], detail="The survey has closed.")
    details = {"invitations_cancelled": cancelled}
    audit.record(work, actor=actor, action="surveys.close", subject=("survey", row.id), details=details)
    publish(work, SurveyClosed(survey_id=row.id, forum_id=row.forum_id))
