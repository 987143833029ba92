from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from babel.dates import format_date
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from fps.finding import settings_named
from fps.queries import settings_of
from kernel.finding import Found
from people.model import Actor
from people.permissions import Permission, organisations_with
from qa_visits.tables import ActionRow, VisitRow


def find_visits(session: Session, actor: Actor, words: str, limit: int, _now: datetime) -> list[Found]:
    """Find the visits of this person's councils by the setting's name, the latest first."""
    rows = session.scalars(
        select(VisitRow)
        .where(
            VisitRow.council_id.in_(organisations_with(actor, Permission.VISITS_READ)),
            VisitRow.setting_id.in_(settings_named(session, words)),
        )
        .order_by(VisitRow.day.desc(), VisitRow.id)
        .limit(limit)
    ).all()
    names = _names(session, rows)
    return [Found(row.id, names[row.setting_id], format_date(row.day, "d MMMM y", locale="en")) for row in rows]


def find_actions(session: Session, actor: Actor, words: str, limit: int, _now: datetime) -> list[Found]:
    """Find the improvement actions that this person's councils watch, by the setting's name."""
    councils = organisations_with(actor, Permission.VISITS_READ)
    return _actions(session, ActionRow.council_id.in_(councils), words, limit)


def find_own_actions(session: Session, actor: Actor, words: str, limit: int, _now: datetime) -> list[Found]:
    """Find the improvement actions of this person's providers, by the setting's name."""
    providers = organisations_with(actor, Permission.PLANS_ANSWER)
    return _actions(session, ActionRow.provider_id.in_(providers), words, limit)


def _actions(session: Session, whose: ColumnElement[bool], words: str, limit: int) -> list[Found]:
    # the titles are sealed: nobody can search in them
    wanted = select(ActionRow).where(whose, ActionRow.setting_id.in_(settings_named(session, words)))
    rows = session.scalars(wanted.order_by(ActionRow.due_on.desc(), ActionRow.id).limit(limit)).all()
    names = _names(session, rows)
    return [Found(row.id, row.title, names[row.setting_id]) for row in rows]


def _names(session: Session, rows: Sequence[VisitRow] | Sequence[ActionRow]) -> dict[str, str]:
    return {card.id: card.name for card in settings_of(session, {row.provider_id for row in rows})}
