from __future__ import annotations

from hub.actions.send_sign_in_link import PURPOSE
from kernel.errors import NotFoundError
from kernel.work import Work
from people.actions.issue_grant import spend_grant
from people.queries import open_grant


def spend_sign_in_link(work: Work, token: str) -> str:
    """Spend a sign-in link and return the id of the person whom it signs in.

    Raises NotFoundError for a link that was never sent, TooLateError for one that has run out or was used.
    """
    grant = open_grant(work.session, token, PURPOSE, work.now)
    if grant.person_id is None:
        raise NotFoundError
    spend_grant(work, grant.id)
    return grant.person_id
