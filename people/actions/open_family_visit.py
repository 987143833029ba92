from __future__ import annotations

from datetime import timedelta

from kernel import audit
from kernel.errors import NotFoundError
from kernel.work import Work
from people.actions.issue_grant import issue_grant, token_of
from people.actions.take_way_in import Entrant

PURPOSE = "people.family_visit"
LASTS = timedelta(minutes=30)


def open_family_visit(work: Work, entrant: Entrant) -> str:
    """Let a family look at what is open for them, for half an hour; return the token for their browser.

    It opens nothing else: it is no session and carries no role. Raises NotFoundError where no contact point was
    proved.
    """
    if entrant.contact_point_id is None:
        raise NotFoundError
    grant_id = issue_grant(
        work,
        purpose=PURPOSE,
        target=entrant.contact_point_id,
        person_id=entrant.person_id,
        expires_at=work.now + LASTS,
    )
    subject = ("person", entrant.person_id)
    details = {"contact_point": entrant.contact_point_id}
    audit.record(work, actor=entrant.person_id, action="people.family_visit", subject=subject, details=details)
    return token_of(work.keys, grant_id)
