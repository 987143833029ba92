from __future__ import annotations

import logging

from kernel.events import insert_ignore
from kernel.work import Ground, Work
from referrals.model.webhooks import DeliveryState, Result
from referrals.rules.webhooks import next_try, rest
from referrals.tables import WebhookAttemptRow, WebhookDeliveryRow, WebhookEndpointRow
from referrals.webhooks.claim import Parcel

log = logging.getLogger(__name__)


def record(ground: Ground, parcel: Parcel, result: Result, took_ms: int) -> None:
    """Write down what came of an attempt: delivered, to be tried again, or after 3 days parked.

    An attempt whose lease ran out, or whose delivery was begun anew in the meantime, changes nothing any more.
    """
    with ground.work() as work:
        # first the address, then what goes to it: in this order everybody locks them
        endpoint = work.session.get_one(WebhookEndpointRow, parcel.endpoint_id, with_for_update=True)
        delivery = work.session.get_one(WebhookDeliveryRow, parcel.delivery_id, with_for_update=True)
        _keep_attempt(work, parcel, result, took_ms)
        _mark_endpoint(work, endpoint, result)
        if delivery.state == DeliveryState.WAITING and delivery.attempts == parcel.number:
            _settle(work, delivery, result)


def _keep_attempt(work: Work, parcel: Parcel, result: Result, took_ms: int) -> None:
    kept = {
        "delivery_id": parcel.delivery_id,
        "number": parcel.number,
        "at": work.now,
        "status": result.status,
        "fault": result.fault,
        "took_ms": took_ms,
    }
    insert_ignore(work.session, WebhookAttemptRow, [kept])


def _mark_endpoint(work: Work, endpoint: WebhookEndpointRow, result: Result) -> None:
    """Let an address that failed rest: what else waits for it need not fail one by one."""
    if result.fault is None:
        endpoint.failures, endpoint.rests_until = 0, None
        return
    endpoint.failures += 1
    endpoint.rests_until = work.now + rest(endpoint.failures)


def _settle(work: Work, delivery: WebhookDeliveryRow, result: Result) -> None:
    delivery.status, delivery.fault = result.status, result.fault
    if result.fault is None:
        delivery.state, delivery.ended_at = DeliveryState.DELIVERED, work.now
        return
    again_at = next_try(delivery.tries, delivery.since, work.now)
    if again_at is not None:
        delivery.due_at = again_at
        return
    delivery.state, delivery.ended_at = DeliveryState.PARKED, work.now
    log.warning("webhook parked", extra={"delivery": delivery.id, "endpoint": delivery.endpoint_id})
