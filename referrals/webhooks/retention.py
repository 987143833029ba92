from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from people.retention import Cut, Sweeper
from referrals.model.webhooks import DeliveryState
from referrals.tables import WebhookAttemptRow, WebhookDeliveryRow, WebhookEventRow


def _events(cut: Cut) -> Select[Any]:
    """Facts that systems were told long ago; one that still waits for a paused address stays."""
    waits = select(WebhookDeliveryRow.event_id).where(WebhookDeliveryRow.state == DeliveryState.WAITING)
    old = select(WebhookEventRow.id).where(WebhookEventRow.at < cut.before, WebhookEventRow.id.not_in(waits))
    return old.order_by(WebhookEventRow.id)


def _remove(session: Session, ids: Sequence[Any]) -> None:
    theirs = select(WebhookDeliveryRow.id).where(WebhookDeliveryRow.event_id.in_(ids))
    session.execute(delete(WebhookAttemptRow).where(WebhookAttemptRow.delivery_id.in_(theirs)))
    session.execute(delete(WebhookDeliveryRow).where(WebhookDeliveryRow.event_id.in_(ids)))
    session.execute(delete(WebhookEventRow).where(WebhookEventRow.id.in_(ids)))


SWEEPERS: Mapping[str, Sweeper] = MappingProxyType({"referrals.webhooks": Sweeper(_events, _remove)})
