from __future__ import annotations

from sqlalchemy import select

from kernel.errors import NotFoundError
from kernel.work import Work
from people.model import Actor, Role
from surveys.tables import SurveyRow


def may_run(actor: Actor, forum_id: str) -> bool:
    """Tell whether the actor coordinates this forum: nobody else runs its surveys (A1)."""
    return actor.has(Role.FORUM_COORDINATOR, forum_id)


def find_own_survey(work: Work, actor: Actor, survey_id: str) -> SurveyRow:
    """Return a survey of the actor's forum, locked until the end of `work`; raises NotFoundError for any other."""
    found = select(SurveyRow).where(SurveyRow.id == survey_id).with_for_update()
    row = work.session.scalars(found).first()
    if row is None or not may_run(actor, row.forum_id):
        raise NotFoundError
    return row
