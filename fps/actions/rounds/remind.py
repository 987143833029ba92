from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from channels.actions.queue_messages import queue_messages
from fps.actions.rounds.tell_contacts import has_sent, tell_contacts
from fps.actions.rounds.tell_session import invitation
from fps.messages.rounds import CLOSES_SOON, OPENED, REMINDER, round_values
from fps.model.rounds import RoundCard, RoundState, SessionCard
from fps.queries.round_sessions import coming_sessions, places
from fps.queries.rounds import open_rounds, round_card
from fps.rules.rounds import latest_reminder, session_reminder
from fps.tables.rounds import RoundContactRow, RoundRow
from kernel.calendar import london_date, start_of_day
from kernel.work import Work

_NEWS_FOR = timedelta(days=2)
"""How long it is news that a round has opened, should the hub have stood still at its time."""
_SESSIONS_AHEAD = timedelta(days=14)


def tell_openings(work: Work, at: datetime) -> None:
    """Tell those who registered interest before that their round has opened; once each."""
    opened = select(RoundRow).where(
        RoundRow.state == RoundState.PUBLISHED,
        RoundRow.opens_at <= at,
        RoundRow.opens_at > at - _NEWS_FOR,
        RoundRow.closes_at > at,
    )
    for card in map(round_card, work.session.scalars(opened)):
        tell_contacts(
            work,
            card.id,
            OPENED,
            round_values(card),
            dedupe=f"round_opened:{card.id}",
            only=RoundContactRow.interested_at <= card.opens_at,
        )


def remind_contacts(work: Work, at: datetime) -> None:
    """Remind of rounds that close in 5 working days or the next one.

    Everybody reads the same words (R18); who has sent in their application is left in peace. Of reminders that were
    missed only the latest goes out.
    """
    for card in open_rounds(work.session, at):
        _remind_of_round(work, card, london_date(at))


def remind_guests(work: Work, at: datetime) -> None:
    """Remind who has a place of sessions in 3 working days or tomorrow; of missed reminders only the latest goes."""
    for session in coming_sessions(work.session, at, at + _SESSIONS_AHEAD):
        _remind_of_session(work, session, london_date(at))


def _remind_of_round(work: Work, card: RoundCard, today: date) -> None:
    before_wd = latest_reminder(card.closes_at, today)
    if before_wd is None:
        return
    tell_contacts(
        work,
        card.id,
        CLOSES_SOON,
        round_values(card),
        dedupe=f"round_closes:{card.id}:{london_date(card.closes_at)}:{before_wd}",
        only=~has_sent(card.id),
    )


def _remind_of_session(work: Work, session: SessionCard, today: date) -> None:
    due = session_reminder(session.starts_at, today)
    if due is None:
        return
    key = f"session_soon:{session.id}:{session.starts_at.isoformat()}:{due.isoformat()}"
    messages = [
        invitation(session, REMINDER, person_id, grant_id, f"{key}:{contact_id}")
        for contact_id, person_id, grant_id, booked_at in places(work.session, session.id)
        if booked_at < start_of_day(due)
    ]
    queue_messages(work, messages)
