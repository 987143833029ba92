from __future__ import annotations

from sqlalchemy import ColumnElement, update

from kernel import audit
from kernel.work import Work
from people.tables import SessionRow

SIGNED_OUT = "signed_out"
REVOKED = "revoked"
LEFT = "left"


def end_session(work: Work, session_id: str, why: str, *, actor: str | None = None) -> None:
    """End one session at once, `why` in a word; one that has ended already stays as it is.

    `actor` is who ends it, by default its own person.
    """
    _end(work, SessionRow.id == session_id, why, actor)


def end_sessions_of(
    work: Work, person_id: str, why: str, except_session_id: str | None = None, *, actor: str | None = None
) -> int:
    """End all sessions of a person at once, or all but one; return how many there were."""
    theirs = SessionRow.person_id == person_id
    if except_session_id is not None:
        theirs &= SessionRow.id != except_session_id
    return _end(work, theirs, why, actor)


def _end(work: Work, which: ColumnElement[bool], why: str, actor: str | None) -> int:
    change = update(SessionRow).where(which, SessionRow.ended_at.is_(None), SessionRow.ends_at > work.now)
    ended = change.values(ended_at=work.now, ended_why=why).returning(SessionRow.id, SessionRow.person_id)
    rows = work.session.execute(ended).all()
    for session_id, person_id in rows:
        audit.record(
            work,
            actor=actor or person_id,
            action="people.session_end",
            subject=("person", person_id),
            details={"session": session_id, "why": why},
        )
    return len(rows)
