from __future__ import annotations

from kernel.errors import NotFoundError
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.tables import WebhookEndpointRow


def find_endpoint(work: Work, actor: Actor, endpoint_id: str) -> WebhookEndpointRow:
    """Return an address of a council that the actor administers, locked; raises NotFoundError for any other."""
    row = work.session.get(WebhookEndpointRow, endpoint_id, with_for_update=True, populate_existing=True)
    is_there = row is not None and row.removed_at is None
    if row is None or not is_there or row.council_id not in organisations_with(actor, Permission.ADMINISTER):
        raise NotFoundError
    return row
