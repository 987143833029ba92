from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from kernel import audit
from kernel.errors import ForbiddenError, TooManyError
from kernel.events import publish
from kernel.translation import say
from kernel.work import Work
from people.actions.issue_grant import issue_grant
from people.events import DetailsLinkAsked
from people.model import PersonCard
from people.permissions import Permission, may
from people.queries import person
from people.tables import GrantRow

PURPOSE = "people.details"
_MOST_A_DAY = 3
_SIGNS_IN = say("people.details_in_account", "You have an account. Please sign in to change this.")


def check_no_account(who: PersonCard) -> None:
    """Refuse whoever signs in: their details are behind their account, and a link that lasts must not open it.

    Raises ForbiddenError.
    """
    if may(who, Permission.OWN_ACCOUNT):
        raise ForbiddenError(_SIGNS_IN)


def send_details_link(work: Work, actor_id: str, person_id: str, *, lasts: timedelta) -> str:
    """Send a person a link to their own details, where they set how they are reached; return its grant's id.

    Raises TooManyError for more than 3 within a day, ForbiddenError for whoever holds an account.
    """
    check_no_account(person(work.session, person_id))
    lately = select(func.count()).where(
        GrantRow.person_id == person_id,
        GrantRow.purpose == PURPOSE,
        GrantRow.created_at > work.now - timedelta(days=1),
    )
    if (work.session.scalar(lately) or 0) >= _MOST_A_DAY:
        raise TooManyError("They got 3 links today. Try again tomorrow.")
    until = work.now + lasts
    grant_id = issue_grant(work, purpose=PURPOSE, target=person_id, expires_at=until, person_id=person_id)
    publish(work, DetailsLinkAsked(person_id, grant_id))
    audit.record(work, actor=actor_id, action="people.my_details_sent", subject=("person", person_id))
    return grant_id
