from __future__ import annotations

from sqlalchemy import update

from kernel import audit
from kernel.work import Work
from people.model import Actor
from referrals.actions.webhooks.add_endpoint import MadeSecret, new_secret
from referrals.actions.webhooks.find_endpoint import find_endpoint
from referrals.actions.webhooks.tell_systems import BELL
from referrals.model.webhooks import DeliveryState
from referrals.rules.webhooks import OLD_SECRET_HOLDS
from referrals.tables import WebhookDeliveryRow, WebhookEndpointRow


def rotate_secret(work: Work, actor: Actor, endpoint_id: str) -> MadeSecret:
    """Make a new secret for an address; the old one signs beside it for 24 hours.

    Whoever presses again within these hours gets another new one in place of the first, which nobody may have noted;
    the old one, which the system uses, signs on. Raises NotFoundError as find_endpoint does.
    """
    row = find_endpoint(work, actor, endpoint_id)
    if row.old_secret_until is None or row.old_secret_until <= work.now:
        row.old_secret = row.secret
    row.old_secret_until = work.now + OLD_SECRET_HOLDS
    row.secret = new_secret()
    _note(work, actor, row, "webhooks.rotate_secret")
    return MadeSecret(row.id, row.secret)


def end_old_secret(work: Work, actor: Actor, endpoint_id: str) -> None:
    """Let the old secret sign no more, as when others may have seen it."""
    row = find_endpoint(work, actor, endpoint_id)
    if row.old_secret is not None:
        row.old_secret, row.old_secret_until = None, None
        _note(work, actor, row, "webhooks.end_old_secret")


def pause_endpoint(work: Work, actor: Actor, endpoint_id: str) -> None:
    """Send nothing to an address until it is resumed; what happens meanwhile waits for it."""
    row = find_endpoint(work, actor, endpoint_id)
    if row.paused_at is None:
        row.paused_at = work.now
        _note(work, actor, row, "webhooks.pause")


def resume_endpoint(work: Work, actor: Actor, endpoint_id: str) -> None:
    """Send to an address again, at once and from the first attempt, what has waited for it."""
    row = find_endpoint(work, actor, endpoint_id)
    if row.paused_at is None:
        return
    row.paused_at, row.rests_until, row.failures = None, None, 0
    waits = WebhookDeliveryRow.endpoint_id == row.id, WebhookDeliveryRow.state == DeliveryState.WAITING
    anew = {"since": work.now, "due_at": work.now, "tries": 0}
    work.session.execute(update(WebhookDeliveryRow).where(*waits).values(anew))
    _note(work, actor, row, "webhooks.resume")
    work.ring(BELL)


def remove_endpoint(work: Work, actor: Actor, endpoint_id: str) -> None:
    """Remove an address: its secrets and the address itself are gone, and what waits for it is never sent."""
    row = find_endpoint(work, actor, endpoint_id)
    row.removed_at, row.url, row.secret, row.old_secret, row.old_secret_until = work.now, "", "", None, None
    left = WebhookDeliveryRow.state.in_([DeliveryState.WAITING, DeliveryState.PARKED])
    gone = update(WebhookDeliveryRow).where(WebhookDeliveryRow.endpoint_id == row.id, left)
    work.session.execute(gone.values(state=DeliveryState.DROPPED, ended_at=work.now))
    _note(work, actor, row, "webhooks.remove")


def _note(work: Work, actor: Actor, row: WebhookEndpointRow, action: str) -> None:
    facts = {"council": row.council_id}
    audit.record(work, actor=actor.id, action=action, subject=("webhook_endpoint", row.id), details=facts)
