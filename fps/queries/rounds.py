from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fps.model import FrameworkCard
from fps.model.rounds import RoundCard, RoundState, RoundVersion
from fps.queries.frameworks import framework_card
from fps.tables import FrameworkRow
from fps.tables.rounds import RoundRow, RoundVersionRow
from kernel.errors import NotFoundError
from people.model import Actor
from people.permissions import Permission, organisations_with

_HIDDEN = (RoundState.DRAFT, RoundState.CANCELLED)


def round_card(row: RoundRow) -> RoundCard:
    """Return a round as other rooms know it."""
    return RoundCard(
        row.id,
        row.framework_id,
        row.number,
        row.title,
        tuple(row.lot_ids),
        row.opens_at,
        row.questions_close_at,
        row.closes_at,
        row.decide_by,
        RoundState(row.state),
        row.lead_id,
        row.advert,
        row.notice_reference,
        row.standstill_days,
        row.contracts_start_on,
        row.version,
        row.published_at,
        row.changed_at,
        row.cancel_reason,
    )


def joining_round(session: Session, round_id: str) -> RoundCard:
    """Return a joining round, whatever its state; raises NotFoundError."""
    row = session.get(RoundRow, round_id)
    if row is None:
        raise NotFoundError
    return round_card(row)


def joining_rounds(session: Session, round_ids: Iterable[str]) -> dict[str, RoundCard]:
    """Return the rounds of these ids, by id; unknown ids are left out."""
    rows = session.scalars(select(RoundRow).where(RoundRow.id.in_(list(round_ids))))
    return {row.id: round_card(row) for row in rows}


def open_rounds(session: Session, now: datetime) -> list[RoundCard]:
    """Return the rounds that take applications at that moment, the first to close at the top."""
    rows = select(RoundRow).where(
        RoundRow.state == RoundState.PUBLISHED, RoundRow.opens_at <= now, RoundRow.closes_at >= now
    )
    return [round_card(row) for row in session.scalars(rows.order_by(RoundRow.closes_at, RoundRow.id))]


def public_round(session: Session, round_id: str) -> RoundCard:
    """Return a round that anybody may read; raises NotFoundError for a draft or one that never was published."""
    row = session.get(RoundRow, round_id)
    if row is None or row.published_at is None:
        raise NotFoundError
    return round_card(row)


def public_rounds(session: Session, now: datetime) -> list[RoundCard]:
    """Return the rounds that are open or coming, the first to close at the top."""
    rows = select(RoundRow).where(RoundRow.state == RoundState.PUBLISHED, RoundRow.closes_at >= now)
    return [round_card(row) for row in session.scalars(rows.order_by(RoundRow.closes_at, RoundRow.id))]


def published_rounds(session: Session, *, offset: int = 0, limit: int = 500) -> list[RoundCard]:
    """Return every round that was ever published, cancelled ones too, the latest to close first."""
    rows = select(RoundRow).where(RoundRow.published_at.is_not(None))
    found = rows.order_by(RoundRow.closes_at.desc(), RoundRow.id).offset(offset).limit(limit)
    return [round_card(row) for row in session.scalars(found)]


def past_rounds(session: Session, now: datetime, *, offset: int, limit: int) -> tuple[list[RoundCard], int]:
    """Return a page of the published rounds that have closed, the latest first, and how many there are."""
    wanted = (RoundRow.published_at.is_not(None), RoundRow.state.not_in(_HIDDEN), RoundRow.closes_at < now)
    total = session.scalar(select(func.count()).select_from(RoundRow).where(*wanted)) or 0
    rows = select(RoundRow).where(*wanted).order_by(RoundRow.closes_at.desc(), RoundRow.id)
    return [round_card(row) for row in session.scalars(rows.offset(offset).limit(limit))], total


def versions(session: Session, round_id: str) -> list[RoundVersion]:
    """Return the published versions of a round, the latest first."""
    rows = select(RoundVersionRow).where(RoundVersionRow.round_id == round_id)
    found = session.scalars(rows.order_by(RoundVersionRow.number.desc()))
    return [RoundVersion(row.number, row.at, tuple(row.changes)) for row in found]


def led_frameworks(session: Session, actor: Actor) -> list[FrameworkCard]:
    """Return the frameworks that the actor's authority leads, by name."""
    led = FrameworkRow.lead_id.in_(organisations_with(actor, Permission.ROUNDS_RUN))
    return [framework_card(row) for row in session.scalars(select(FrameworkRow).where(led).order_by(FrameworkRow.name))]


def led_round(session: Session, actor: Actor, round_id: str) -> RoundCard:
    """Return a round that the actor's authority leads; raises NotFoundError for any other."""
    card = joining_round(session, round_id)
    if card.lead_id not in organisations_with(actor, Permission.ROUNDS_RUN):
        raise NotFoundError
    return card


def led_rounds(
    session: Session, actor: Actor, now: datetime, *, state: RoundState | None, offset: int, limit: int
) -> tuple[list[RoundCard], int]:
    """Return a page of the rounds that the actor's authority leads, the latest to close first, and how many."""
    wanted: list[ColumnElement[bool]] = [RoundRow.lead_id.in_(organisations_with(actor, Permission.ROUNDS_RUN))]
    if state is not None:
        wanted += _in_state(state, now)
    total = session.scalar(select(func.count()).select_from(RoundRow).where(*wanted)) or 0
    rows = select(RoundRow).where(*wanted).order_by(RoundRow.closes_at.desc(), RoundRow.id)
    return [round_card(row) for row in session.scalars(rows.offset(offset).limit(limit))], total


def next_number(session: Session, framework_id: str) -> int:
    """Return the number that the next round of a framework would have."""
    last = session.scalar(select(func.max(RoundRow.number)).where(RoundRow.framework_id == framework_id))
    return (last or 0) + 1


def _in_state(state: RoundState, now: datetime) -> list[ColumnElement[bool]]:
    """Return the conditions of a state, that which time decides too."""
    published = RoundRow.state == RoundState.PUBLISHED
    by_time = {
        RoundState.PUBLISHED: [published, RoundRow.opens_at > now],
        RoundState.OPEN: [published, RoundRow.opens_at <= now, RoundRow.closes_at >= now],
        RoundState.CLOSED: [published, RoundRow.closes_at < now],
    }
    return by_time.get(state, [RoundRow.state == state])
