from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fps.model.rounds import RoundState, SessionCard
from fps.tables.rounds import RoundContactRow, RoundRow, RoundSessionRow, RoundSignUpRow
from kernel.errors import NotFoundError


def card_of(row: RoundSessionRow) -> SessionCard:
    """Return an engagement session as other rooms know it."""
    return SessionCard(
        row.id,
        row.round_id,
        row.title,
        row.starts_at,
        row.ends_at,
        row.place,
        row.link,
        row.capacity,
        row.taken,
        row.sequence,
        row.changed_at,
        row.cancelled_at,
        row.cancel_reason,
    )


def session_card(session: Session, session_id: str) -> SessionCard:
    """Return an engagement session; raises NotFoundError."""
    row = session.get(RoundSessionRow, session_id)
    if row is None:
        raise NotFoundError
    return card_of(row)


def sessions_of(session: Session, round_ids: Iterable[str]) -> list[SessionCard]:
    """Return the sessions of rounds, cancelled ones too, in the order of their times."""
    rows = select(RoundSessionRow).where(RoundSessionRow.round_id.in_(list(round_ids)))
    return [card_of(row) for row in session.scalars(rows.order_by(RoundSessionRow.starts_at, RoundSessionRow.id))]


def booked_sessions(session: Session, contact_id: str) -> frozenset[str]:
    """Return the ids of the sessions in which somebody has a place."""
    rows = select(RoundSignUpRow.session_id).where(
        RoundSignUpRow.contact_id == contact_id, RoundSignUpRow.cancelled_at.is_(None)
    )
    return frozenset(session.scalars(rows))


def coming_sessions(session: Session, now: datetime, until: datetime) -> list[SessionCard]:
    """Return the sessions that start after `now` and by `until`, of rounds that go ahead."""
    rows = (
        select(RoundSessionRow)
        .join(RoundRow, RoundRow.id == RoundSessionRow.round_id)
        .where(
            RoundRow.state.not_in([RoundState.DRAFT, RoundState.CANCELLED]),
            RoundSessionRow.cancelled_at.is_(None),
            RoundSessionRow.starts_at > now,
            RoundSessionRow.starts_at <= until,
        )
        .order_by(RoundSessionRow.starts_at, RoundSessionRow.id)
    )
    return [card_of(row) for row in session.scalars(rows)]


def places(session: Session, session_id: str) -> list[tuple[str, str, str, datetime]]:
    """Return who has a place, in the order of booking: contact, person and grant ids, and when they booked."""
    contact, seat = RoundContactRow, RoundSignUpRow
    rows = (
        select(contact.id, contact.person_id, contact.grant_id, seat.at)
        .join(seat, seat.contact_id == contact.id)
        .where(seat.session_id == session_id, seat.cancelled_at.is_(None), contact.grant_id.is_not(None))
        .order_by(seat.at, contact.id)
    )
    return [
        (contact_id, person_id, grant_id or "", at) for contact_id, person_id, grant_id, at in session.execute(rows)
    ]
