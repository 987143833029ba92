from __future__ import annotations

from datetime import timedelta

from kernel import audit
from kernel.work import Work
from people.actions.issue_grant import issue_grant, spend_grant
from people.actions.lock_kept_link import lock_kept_link
from people.model import Actor

PURPOSE = "referrals.calendar"
_HOLDS = timedelta(days=366)


def open_calendar(work: Work, actor: Actor) -> str:
    """Make the link by which somebody's calendar reads the deadlines of their referrals; return the grant's id.

    A link from before is taken back: there is one a person. It holds for a year.
    """
    close_calendar(work, actor)
    grant_id = issue_grant(work, purpose=PURPOSE, target=actor.id, expires_at=work.now + _HOLDS, person_id=actor.id)
    audit.record(work, actor=actor.id, action="referrals.open_calendar", subject=("person", actor.id))
    return grant_id


def close_calendar(work: Work, actor: Actor) -> bool:
    """Take the link back, so that calendars read nothing more by it; tell whether there was one."""
    kept = lock_kept_link(work, actor.id, PURPOSE)
    if kept is None:
        return False
    spend_grant(work, kept.id)
    audit.record(work, actor=actor.id, action="referrals.close_calendar", subject=("person", actor.id))
    return True
