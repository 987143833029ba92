from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from kernel.errors import NotFoundError
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.queries import organisations_by_id
from people.waiting import Waiting, count_waiting
from referrals.model.webhooks import (
    AttemptCard,
    DeliveryCard,
    DeliveryState,
    EndpointCard,
    EventType,
    Fault,
    Result,
)
from referrals.tables import WebhookAttemptRow, WebhookDeliveryRow, WebhookEndpointRow, WebhookEventRow
from referrals.webhooks.claim import body_of

SHOWN_AFTER = timedelta(seconds=10)
"""How long a fact waits until programs find it in the list: by then every transaction with an earlier id is over."""


@dataclass(frozen=True)
class EventCard:
    """A fact as a program reads it in the list of them."""

    id: str
    type: str
    council_id: str
    at: datetime
    data: dict[str, Any]


@dataclass(frozen=True)
class DeliveryRecord:
    """One delivery with its attempts, the last first, and the body that each of them sent."""

    card: DeliveryCard
    attempts: list[AttemptCard]
    body: str


def endpoints_of(session: Session, actor: Actor) -> list[EndpointCard]:
    """Return the addresses of the councils that the actor administers, the oldest first."""
    own = organisations_with(actor, Permission.ADMINISTER)
    names = {card.id: card.name for card in organisations_by_id(session, own).values()}
    rows = session.scalars(_live(own).order_by(WebhookEndpointRow.id))
    return [_endpoint(row, names[row.council_id]) for row in rows]


def endpoint(session: Session, actor: Actor, endpoint_id: str) -> EndpointCard:
    """Return one of them; raises NotFoundError for any other."""
    found = [card for card in endpoints_of(session, actor) if card.id == endpoint_id]
    if not found:
        raise NotFoundError
    return found[0]


def _live(council_ids: Sequence[str]) -> Select[Any]:
    row = WebhookEndpointRow
    return select(row).where(row.council_id.in_(council_ids), row.removed_at.is_(None))


def parked_counts(session: Session, endpoint_ids: Sequence[str]) -> dict[str, int]:
    """Count what was given up, by address."""
    row = WebhookDeliveryRow
    found = select(row.endpoint_id, func.count()).where(row.endpoint_id.in_(endpoint_ids), _is(DeliveryState.PARKED))
    return {each[0]: each[1] for each in session.execute(found.group_by(row.endpoint_id))}


def parked_waiting(session: Session, actor: Actor, _now: datetime) -> Waiting:
    """Count what the systems of the actor's councils did not take in 3 days."""
    own = _live(organisations_with(actor, Permission.ADMINISTER)).with_only_columns(WebhookEndpointRow.id)
    return count_waiting(
        session, WebhookDeliveryRow.ended_at, _is(DeliveryState.PARKED), WebhookDeliveryRow.endpoint_id.in_(own)
    )


def _is(state: DeliveryState) -> ColumnElement[bool]:
    return WebhookDeliveryRow.state == state


def count_deliveries(session: Session, endpoint_id: str, state: DeliveryState | None = None) -> int:
    """Count what was sent to an address, or what of it stands so."""
    return session.scalar(select(func.count(WebhookDeliveryRow.id)).where(*_of(endpoint_id, state))) or 0


def deliveries(
    session: Session, endpoint_id: str, state: DeliveryState | None = None, *, offset: int, limit: int
) -> list[DeliveryCard]:
    """Return a page of what was sent to an address, the newest first. Whose it is, `endpoint` has looked at."""
    both = select(WebhookDeliveryRow, WebhookEventRow).join(
        WebhookEventRow, WebhookEventRow.id == WebhookDeliveryRow.event_id
    )
    newest = both.where(*_of(endpoint_id, state)).order_by(WebhookDeliveryRow.id.desc())
    return [_delivery(row, event) for row, event in session.execute(newest.offset(offset).limit(limit))]


def _of(endpoint_id: str, state: DeliveryState | None) -> list[ColumnElement[bool]]:
    theirs = [WebhookDeliveryRow.endpoint_id == endpoint_id]
    return theirs if state is None else [*theirs, _is(state)]


def delivery(session: Session, endpoint_id: str, delivery_id: str) -> DeliveryRecord:
    """Return one delivery to an address with its latest 100 attempts, the last first; raises NotFoundError."""
    row = session.get(WebhookDeliveryRow, delivery_id)
    if row is None or row.endpoint_id != endpoint_id:
        raise NotFoundError
    tried = select(WebhookAttemptRow).where(WebhookAttemptRow.delivery_id == row.id)
    found = session.scalars(tried.order_by(WebhookAttemptRow.number.desc()).limit(100))
    attempts = [AttemptCard(each.number, each.at, _result(each), each.took_ms) for each in found]
    event = session.get_one(WebhookEventRow, row.event_id)
    return DeliveryRecord(_delivery(row, event), attempts, body_of(event))


def events_after(session: Session, council_id: str, now: datetime, after: str | None, limit: int) -> list[EventCard]:
    """Return the facts of a council after one of them, by id: what a system missed, it can fetch here."""
    row = WebhookEventRow
    told = select(row).where(
        row.council_id == council_id, row.type != EventType.ENDPOINT_TEST, row.at <= now - SHOWN_AFTER
    )
    if after is not None:
        told = told.where(row.id > after)
    rows = session.scalars(told.order_by(row.id).limit(limit))
    return [EventCard(each.id, each.type, each.council_id, each.at, each.data) for each in rows]


def _result(row: WebhookDeliveryRow | WebhookAttemptRow) -> Result:
    return Result(row.status, Fault(row.fault) if row.fault else None)


def _endpoint(row: WebhookEndpointRow, council: str) -> EndpointCard:
    return EndpointCard(
        row.id,
        row.council_id,
        council,
        row.name,
        row.url,
        tuple(EventType(each) for each in row.types),
        row.created_at,
        row.created_by,
        row.paused_at,
        row.old_secret_until,
        row.failures,
        row.rests_until,
    )


def _delivery(row: WebhookDeliveryRow, event: WebhookEventRow) -> DeliveryCard:
    return DeliveryCard(
        row.id,
        event.id,
        EventType(event.type),
        event.referral_id,
        event.at,
        DeliveryState(row.state),
        row.attempts,
        row.due_at,
        row.ended_at,
        _result(row),
    )
