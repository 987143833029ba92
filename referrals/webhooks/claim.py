from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from kernel.work import Ground, Work
from referrals.model.webhooks import DeliveryState
from referrals.rules.webhooks import signature
from referrals.tables import WebhookDeliveryRow, WebhookEndpointRow, WebhookEventRow

AGENT = "Co-production-Hub-Webhooks/1"
EVENT_HEADER, SIGNATURE_HEADER = "Hub-Event-Id", "Hub-Signature"


@dataclass(frozen=True)
class Parcel:
    """One attempt of one delivery, ready to go; `number` proves whose attempt it is."""

    delivery_id: str
    number: int
    endpoint_id: str
    event_id: str
    url: str
    secrets: tuple[str, ...]
    body: str

    def __repr__(self) -> str:
        return f"Parcel({self.delivery_id}, {self.number})"

    def headers(self, now: datetime) -> dict[str, str]:
        """Return the headers with which it goes at `now`: who sends it is proved by the signature."""
        return {
            "Content-Type": "application/json",
            "User-Agent": AGENT,
            EVENT_HEADER: self.event_id,
            SIGNATURE_HEADER: signature(self.secrets, now, self.body),
        }


def is_any_due(ground: Ground) -> bool:
    """Tell whether anything is to be sent now, without writing."""
    with ground.read() as session:
        return bool(_endpoints_due(session, ground.clock.now(), (), 1))


def claim(ground: Ground, lease: timedelta, wanted: int, busy: Collection[str]) -> list[Parcel]:
    """Take the longest-due delivery of each of so many addresses, but of none that is busy, under a lease."""
    with ground.work() as work:
        found = _endpoints_due(work.session, work.now, busy, wanted)
        return [parcel for endpoint_id in found if (parcel := _claim(work, endpoint_id, lease)) is not None]


def _endpoints_due(session: Session, now: datetime, busy: Collection[str], wanted: int) -> list[str]:
    row, endpoint = WebhookDeliveryRow, WebhookEndpointRow
    due = (
        select(row.endpoint_id)
        .join(endpoint, endpoint.id == row.endpoint_id)
        .where(
            row.state == DeliveryState.WAITING,
            row.due_at <= now,
            endpoint.paused_at.is_(None),
            endpoint.removed_at.is_(None),
            or_(endpoint.rests_until.is_(None), endpoint.rests_until <= now),
            endpoint.id.not_in(list(busy)),
        )
        .group_by(row.endpoint_id)
        .order_by(func.min(row.due_at))
        .limit(wanted)
    )
    return list(session.scalars(due))


def _claim(work: Work, endpoint_id: str, lease: timedelta) -> Parcel | None:
    delivery = work.session.scalars(_first_due(endpoint_id, work.now)).first()
    if delivery is None:
        return None
    delivery.attempts += 1
    delivery.tries += 1
    delivery.due_at = work.now + lease
    endpoint = work.session.get_one(WebhookEndpointRow, endpoint_id)
    event = work.session.get_one(WebhookEventRow, delivery.event_id)
    return Parcel(
        delivery.id,
        delivery.attempts,
        endpoint.id,
        event.id,
        endpoint.url,
        _secrets(endpoint, work.now),
        body_of(event),
    )


def _first_due(endpoint_id: str, now: datetime) -> Select[Any]:
    row = WebhookDeliveryRow
    due = select(row).where(row.endpoint_id == endpoint_id, row.state == DeliveryState.WAITING, row.due_at <= now)
    return due.order_by(row.due_at, row.id).limit(1).with_for_update(skip_locked=True)


def _secrets(endpoint: WebhookEndpointRow, now: datetime) -> tuple[str, ...]:
    until = endpoint.old_secret_until
    old = endpoint.old_secret if until is not None and now < until else None
    return (endpoint.secret, old) if old else (endpoint.secret,)


def body_of(event: WebhookEventRow) -> str:
    """Return what every attempt to tell of a fact says, byte for byte the same."""
    told = {
        "id": event.id,
        "type": event.type,
        "created_at": event.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "council_id": event.council_id,
        "data": event.data,
    }
    return json.dumps(told, separators=(",", ":"))
