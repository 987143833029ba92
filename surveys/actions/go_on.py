from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select

from kernel.errors import NotFoundError
from kernel.work import Work
from people.actions.issue_grant import issue_grant, token_of
from surveys.actions.start_survey import PURPOSE
from surveys.tables import SessionRow

LASTS = timedelta(days=1)
"""How long the link lasts that somebody gets who came back without theirs."""


def go_on(work: Work, person_ids: Collection[str], session_id: str) -> str:
    """Return the token of a new link to somebody's own place in a survey, in place of the one that is lost.

    `person_ids` are whoever it may belong to; raises NotFoundError for anybody else's.
    """
    own = select(SessionRow.person_id).where(
        SessionRow.id == session_id, SessionRow.person_id.in_(list(person_ids)), SessionRow.asked_at.is_not(None)
    )
    person_id = work.session.scalars(own).first()
    if person_id is None:
        raise NotFoundError
    grant_id = issue_grant(work, purpose=PURPOSE, target=session_id, person_id=person_id, expires_at=work.now + LASTS)
    return token_of(work.keys, grant_id)
