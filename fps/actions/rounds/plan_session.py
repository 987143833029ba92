from __future__ import annotations

from dataclasses import replace

from fps.actions.rounds.find_round import find_round
from fps.actions.rounds.tell_session import tell_session
from fps.messages.rounds import CALLED_OFF, MOVED
from fps.model.rounds import RoundState
from fps.queries.round_sessions import card_of
from fps.rules.round_sessions import SessionTerms, check_session
from fps.tables.rounds import RoundSessionRow
from kernel import audit
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor

_LONGEST_REASON = 500
_SEEN = ("title", "starts_at", "ends_at", "place", "link")


def add_session(work: Work, actor: Actor, round_id: str, terms: SessionTerms) -> str:
    """Add an engagement session to a round and return its id.

    Raises NotFoundError for another authority's round, InvalidInputError at a field, ConflictError for a round that
    is over.
    """
    over = find_round(work, actor, round_id)
    if over.state not in (RoundState.DRAFT, RoundState.PUBLISHED):
        raise ConflictError("This round is over. It takes no sessions any more.")
    terms = _tidy(terms)
    check_session(terms, 0, work.now)
    row = RoundSessionRow(
        id=new_id(), round_id=over.id, taken=0, sequence=0, changed_at=work.now, cancel_reason="", **vars(terms)
    )
    work.session.add(row)
    work.session.flush()
    audit.record(work, actor=actor.id, action="fps.add_session", subject=("round_session", row.id))
    return row.id


def change_session(work: Work, actor: Actor, session_id: str, terms: SessionTerms) -> None:
    """Change a session; who has a place keeps it, and is told where time or place are others.

    Raises as add_session does, and ConflictError for a session that was cancelled.
    """
    row = _own(work, actor, session_id)
    if row.cancelled_at is not None:
        raise ConflictError("This session was cancelled. Add another one.")
    terms = _tidy(terms)
    check_session(terms, row.taken, work.now)
    changed = [name for name, value in vars(terms).items() if getattr(row, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(row, name, getattr(terms, name))
    row.changed_at = work.now
    if set(changed) & set(_SEEN):
        row.sequence += 1
    audit.record(
        work,
        actor=actor.id,
        action="fps.change_session",
        subject=("round_session", row.id),
        details={"changed": changed},
    )
    if set(changed) & set(_SEEN):
        work.session.flush()
        tell_session(work, card_of(row), MOVED, f"session_moved:{row.id}:{row.sequence}")


def call_off_session(work: Work, actor: Actor, session_id: str, reason: str) -> None:
    """Cancel a session and tell everybody who has a place; twice does no harm. Raises as add_session does."""
    row = _own(work, actor, session_id)
    reason = " ".join(reason.split())
    if not reason:
        raise InvalidInputError("reason", "Say why the session is cancelled. Everybody who has a place reads it.")
    if len(reason) > _LONGEST_REASON:
        raise InvalidInputError("reason", "Use at most {most} characters.", most=_LONGEST_REASON)
    call_off(work, actor, row, reason)


def call_off(work: Work, actor: Actor, row: RoundSessionRow, reason: str) -> None:
    """Cancel a session that has not begun and tell its guests."""
    if row.cancelled_at is not None or row.starts_at <= work.now:
        return
    row.cancelled_at = row.changed_at = work.now
    row.cancel_reason = reason[:_LONGEST_REASON]
    row.sequence += 1
    work.session.flush()
    audit.record(work, actor=actor.id, action="fps.call_off_session", subject=("round_session", row.id))
    tell_session(work, card_of(row), CALLED_OFF, f"session_off:{row.id}")


def _own(work: Work, actor: Actor, session_id: str) -> RoundSessionRow:
    row = work.session.get(RoundSessionRow, session_id, with_for_update=True)
    if row is None:
        raise NotFoundError
    find_round(work, actor, row.round_id)
    return row


def _tidy(terms: SessionTerms) -> SessionTerms:
    return replace(
        terms,
        title=" ".join(terms.title.split()),
        place=" ".join(terms.place.split()),
        link=terms.link.strip(),
    )
