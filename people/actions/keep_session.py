from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update

from kernel import audit
from kernel.errors import NotFoundError
from kernel.work import Work
from people.actions.begin_session import new_token
from people.model import SessionCard, SessionLimits
from people.queries import digest
from people.queries.sessions import is_open
from people.tables import SessionRow

_NOTED_EVERY = timedelta(minutes=5)
_PARTS = 12


def is_due(card: SessionCard, limits: SessionLimits, now: datetime) -> bool:
    """Tell whether the use of a session should be written down: every few minutes, not at every page."""
    return now - card.seen_at >= min(_NOTED_EVERY, limits.idle / _PARTS)


def note_use(work: Work, session_id: str, limits: SessionLimits) -> None:
    """Write down that a session is in use: its idle time begins anew. One that has ended stays ended."""
    change = update(SessionRow).where(SessionRow.id == session_id, is_open(work.now))
    work.session.execute(change.values(seen_at=work.now, idle_at=work.now + limits.idle))


def make_strong(work: Work, session_id: str) -> str:
    """Note that the person proved a second factor, and return the new token: the one before it counts no more.

    Raises NotFoundError for a session that has ended.
    """
    token = new_token()
    change = update(SessionRow).where(SessionRow.id == session_id, is_open(work.now))
    changed = change.values(digest=digest(token), strong_at=work.now, seen_at=work.now).returning(SessionRow.person_id)
    person_id = work.session.scalars(changed).first()
    if person_id is None:
        raise NotFoundError
    facts = {"session": session_id}
    audit.record(work, actor=person_id, action="people.session_strong", subject=("person", person_id), details=facts)
    return token
