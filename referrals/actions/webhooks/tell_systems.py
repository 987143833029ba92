from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from kernel.events import Event
from kernel.ids import new_id
from kernel.work import Work
from referrals.events import (
    OutcomeTold,
    PlacementBegun,
    PlacementEnded,
    PlacementSigned,
    ReferralAwarded,
    ReferralChanged,
    ReferralClosed,
    ReferralIssued,
    ResponsesUnsealed,
)
from referrals.model.webhooks import DeliveryState, EventType
from referrals.tables import WebhookDeliveryRow, WebhookEndpointRow, WebhookEventRow

BELL = "webhooks"


@dataclass(frozen=True)
class Told:
    """What the systems of a council are told: ids, times and status words, never a word that somebody wrote."""

    type: EventType
    council_id: str
    referral_id: str | None
    data: Mapping[str, Any]


def tell_systems(work: Work, event: Event) -> None:
    """Let the systems of a council know of a fact."""
    told = _told(event)
    event_id = keep_event(work, told)
    own = select(WebhookEndpointRow).where(
        WebhookEndpointRow.council_id == told.council_id, WebhookEndpointRow.removed_at.is_(None)
    )
    for endpoint in work.session.scalars(own.order_by(WebhookEndpointRow.id)):
        if told.type in endpoint.types:
            queue_delivery(work, event_id, endpoint.id)


def keep_event(work: Work, told: Told) -> str:
    """Keep a fact, for the systems that are told of it and for those that ask later; return its id."""
    row = WebhookEventRow(
        id=new_id(),
        council_id=told.council_id,
        type=told.type,
        referral_id=told.referral_id,
        data=dict(told.data),
        at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return row.id


def queue_delivery(work: Work, event_id: str, endpoint_id: str) -> str:
    """Send a fact to an address as soon as the transaction ends; return the id of the delivery."""
    row = WebhookDeliveryRow(
        id=new_id(),
        event_id=event_id,
        endpoint_id=endpoint_id,
        state=DeliveryState.WAITING,
        since=work.now,
        due_at=work.now,
    )
    work.session.add(row)
    work.ring(BELL)
    return row.id


_SAID: Mapping[type[Event], tuple[EventType, tuple[str, ...]]] = MappingProxyType(
    {
        ReferralIssued: (EventType.REFERRAL_ISSUED, ("referral_id", "lot_id", "release_at", "deadline_at")),
        ReferralChanged: (EventType.REFERRAL_CHANGED, ("referral_id", "version", "deadline_at")),
        ResponsesUnsealed: (EventType.REFERRAL_UNSEALED, ("referral_id",)),
        ReferralAwarded: (EventType.REFERRAL_DECIDED, ("referral_id", "award_id", "outcome", "route")),
        OutcomeTold: (EventType.REFERRAL_OUTCOME_TOLD, ("referral_id", "award_id")),
        ReferralClosed: (EventType.REFERRAL_CLOSED, ("referral_id",)),
        PlacementBegun: (EventType.PLACEMENT_BEGUN, ("placement_id", "referral_id", "route")),
        PlacementSigned: (EventType.PLACEMENT_SIGNED, ("placement_id", "starts_on", "ends_on")),
        PlacementEnded: (EventType.PLACEMENT_ENDED, ("placement_id", "ended_on")),
    }
)
"""What each fact is called outside, and the fields of it that go out: why a placement ended, for one, does not."""
TOLD_OF = tuple(_SAID)
"""The facts of which systems are told."""


def _told(event: Any) -> Told:  # noqa: ANN401 - any of the facts above
    kind, fields = _SAID[type(event)]
    data = {name: getattr(event, name) for name in fields}
    return Told(kind, event.council_id, data.get("referral_id"), data)
