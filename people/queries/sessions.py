from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, aliased

from kernel.errors import NotFoundError
from people.model import PersonCard, Role, RoleIn, SessionCard
from people.queries import digest
from people.tables import PersonRow, RoleRow, SessionRow

_COLUMNS = tuple(getattr(SessionRow, field.name) for field in fields(SessionCard))


def is_open(now: datetime) -> ColumnElement[bool]:
    """Return the condition of a session that still holds: not ended, not idle, not too old, its person not left."""
    owner = aliased(PersonRow)
    stays = select(owner.id).where(owner.id == SessionRow.person_id, owner.left_at.is_(None)).exists()
    return and_(SessionRow.ended_at.is_(None), SessionRow.idle_at > now, SessionRow.ends_at > now, stays)


def session_by_token(session: Session, token: str, now: datetime) -> tuple[SessionCard, PersonCard] | None:
    """Return the session that a browser's token stands for and its person with their roles, in one query.

    None for a token that is unknown, and for a session that has ended in any way.
    """
    found = session.execute(
        select(*_COLUMNS, PersonRow.name, PersonRow.language, RoleRow.role, RoleRow.organisation_id)
        .join(PersonRow, PersonRow.id == SessionRow.person_id)
        .outerjoin(RoleRow, RoleRow.person_id == PersonRow.id)
        .where(SessionRow.digest == digest(token), is_open(now))
        .order_by(RoleRow.role)
    ).all()
    if not found:
        return None
    width = len(_COLUMNS)
    card = SessionCard(*found[0][:width])
    name, language = found[0][width : width + 2]
    held = ((role, organisation_id) for *_, role, organisation_id in found if role is not None)
    roles = tuple(RoleIn(Role(role), organisation_id) for role, organisation_id in held)
    return card, PersonCard(card.person_id, name, language, roles)


def sessions_of(session: Session, person_id: str, now: datetime) -> list[SessionCard]:
    """Return the browsers in which a person is signed in, the one used last first."""
    rows = select(*_COLUMNS).where(SessionRow.person_id == person_id, is_open(now))

    return [
        SessionCard(*row) for row in session.execute(rows.order_by(SessionRow.seen_at.desc(), SessionRow.id.desc()))
    ]


def session_card(session: Session, session_id: str, now: datetime) -> SessionCard:
    """Return one session that still holds; raises NotFoundError."""
    row = session.execute(select(*_COLUMNS).where(SessionRow.id == session_id, is_open(now))).first()
    if row is None:
        raise NotFoundError
    return SessionCard(*row)
