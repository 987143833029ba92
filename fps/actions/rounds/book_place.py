from __future__ import annotations

from channels.actions.queue_messages import queue_messages
from fps.actions.rounds.find_contact import Door, find_contact
from fps.actions.rounds.tell_session import invitation
from fps.messages.rounds import BOOKED
from fps.model.rounds import RoundState
from fps.queries.round_sessions import card_of
from fps.tables.rounds import RoundContactRow, RoundRow, RoundSessionRow, RoundSignUpRow
from kernel import audit
from kernel.errors import ConflictError, NotFoundError, TooLateError
from kernel.work import Work


def book_place(work: Work, door: Door, session_id: str) -> None:
    """Take a place in an engagement session for whoever comes through the door; twice does no harm.

    Raises ConflictError where the last place is gone, TooLateError once it has begun or was cancelled.
    """
    book_for(work, find_contact(work, door), session_id)


def book_for(work: Work, contact: RoundContactRow, session_id: str) -> None:
    """Take a place for somebody; two who want the last place stand in line at the session."""
    session = _locked(work, contact, session_id)
    over = work.session.get(RoundRow, session.round_id)
    if over is None or over.state in (RoundState.DRAFT, RoundState.CANCELLED):
        raise NotFoundError
    if session.cancelled_at is not None:
        raise TooLateError("This session was cancelled. Choose another one.")
    if session.starts_at <= work.now:
        raise TooLateError("This session has begun. Choose another one.")
    seat = work.session.get(RoundSignUpRow, (session.id, contact.id))
    if seat is not None and seat.cancelled_at is None:
        return
    if session.taken >= session.capacity:
        raise ConflictError("Every place in this session is taken. Choose another one.")
    session.taken += 1
    if seat is None:
        seat = RoundSignUpRow(session_id=session.id, contact_id=contact.id)
        work.session.add(seat)
    seat.at, seat.cancelled_at = work.now, None
    contact.interested_at = contact.interested_at or work.now
    contact.left_at = None
    audit.record(work, actor=contact.person_id, action="fps.book_place", subject=("round_session", session.id))
    queue_messages(work, [invitation(card_of(session), BOOKED, contact.person_id, contact.grant_id or "")])


def give_up_place(work: Work, door: Door, session_id: str) -> None:
    """Give up one's place, so that somebody else can have it; twice does no harm. Raises TooLateError once it began."""
    contact = find_contact(work, door)
    session = _locked(work, contact, session_id)
    seat = work.session.get(RoundSignUpRow, (session.id, contact.id))
    if seat is None or seat.cancelled_at is not None:
        return
    if session.starts_at <= work.now:
        raise TooLateError("This session has begun. Your place cannot be given to anybody else.")
    seat.cancelled_at = work.now
    session.taken -= 1
    audit.record(work, actor=contact.person_id, action="fps.give_up_place", subject=("round_session", session.id))


def _locked(work: Work, contact: RoundContactRow, session_id: str) -> RoundSessionRow:
    session = work.session.get(RoundSessionRow, session_id, with_for_update=True, populate_existing=True)
    if session is None or session.round_id != contact.round_id:
        raise NotFoundError
    return session
