from __future__ import annotations

from sqlalchemy import update

from kernel import audit
from kernel.errors import ConflictError, NotFoundError
from kernel.work import Work
from people.model import Actor
from referrals.actions.webhooks.find_endpoint import find_endpoint
from referrals.actions.webhooks.tell_systems import BELL, Told, keep_event, queue_delivery
from referrals.model.webhooks import DeliveryState, EventType
from referrals.tables import WebhookDeliveryRow, WebhookEndpointRow

_PAUSED = "Nothing is sent to this address while it is paused. Resume it first."


def send_test(work: Work, actor: Actor, endpoint_id: str) -> str:
    """Send a test to one address; return the id of its delivery.

    Raises NotFoundError as find_endpoint does and ConflictError while the address is paused.
    """
    row = _open(work, actor, endpoint_id)
    event_id = keep_event(work, Told(EventType.ENDPOINT_TEST, row.council_id, None, {}))
    delivery_id = queue_delivery(work, event_id, row.id)
    audit.record(work, actor=actor.id, action="webhooks.test", subject=("webhook_endpoint", row.id))
    return delivery_id


def send_again(work: Work, actor: Actor, endpoint_id: str, delivery_id: str) -> None:
    """Send a fact to an address anew, whatever became of it: the same id and the same words, so that nothing doubles.

    Raises NotFoundError for what is not this address's, ConflictError while the address is paused.
    """
    row = _open(work, actor, endpoint_id)
    delivery = work.session.get(WebhookDeliveryRow, delivery_id, with_for_update=True, populate_existing=True)
    if delivery is None or delivery.endpoint_id != row.id:
        raise NotFoundError
    delivery.state, delivery.tries, delivery.ended_at = DeliveryState.WAITING, 0, None
    delivery.since = delivery.due_at = work.now
    work.ring(BELL)
    facts = {"delivery": delivery.id, "event": delivery.event_id}
    audit.record(
        work, actor=actor.id, action="webhooks.send_again", subject=("webhook_endpoint", row.id), details=facts
    )


def send_all_again(work: Work, actor: Actor, endpoint_id: str) -> int:
    """Send everything anew that was given up for an address, as after days in which it was away; return how much."""
    row = _open(work, actor, endpoint_id)
    given_up = WebhookDeliveryRow.endpoint_id == row.id, WebhookDeliveryRow.state == DeliveryState.PARKED
    anew = {"state": DeliveryState.WAITING, "tries": 0, "ended_at": None, "since": work.now, "due_at": work.now}
    sent = work.session.scalars(
        update(WebhookDeliveryRow).where(*given_up).values(anew).returning(WebhookDeliveryRow.id)
    ).all()
    if sent:
        work.ring(BELL)
        facts = {"deliveries": len(sent)}
        audit.record(
            work, actor=actor.id, action="webhooks.send_all_again", subject=("webhook_endpoint", row.id), details=facts
        )
    return len(sent)


def _open(work: Work, actor: Actor, endpoint_id: str) -> WebhookEndpointRow:
    """Return an address to which may be sent at once: whoever asks for it does not wait until it has rested."""
    row = find_endpoint(work, actor, endpoint_id)
    if row.paused_at is not None:
        raise ConflictError(_PAUSED)
    row.rests_until = None
    return row
