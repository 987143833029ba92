from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from kernel import audit
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor, OrganisationKind
from people.permissions import Permission, organisations_with
from people.queries import organisation
from referrals.model.webhooks import EventType
from referrals.rules.webhooks import MOST_ENDPOINTS, checked_name, checked_types, checked_url
from referrals.tables import WebhookEndpointRow

MARK = "hubsec_"
"""How every secret begins, so that scanners for leaked secrets know it."""
_BYTES = 32


@dataclass(frozen=True)
class AddEndpoint:
    """An address of a council's system, and what it is told of. `inside` are the hosts that need not be public."""

    council_id: str
    name: str
    url: str
    types: tuple[EventType, ...]
    inside: Collection[str] = ()


@dataclass(frozen=True)
class MadeSecret:
    """A new secret with which the hub signs for an address; it is shown once."""

    endpoint_id: str
    secret: str


def new_secret() -> str:
    """Return a fresh secret."""
    return MARK + secrets.token_urlsafe(_BYTES)


def add_endpoint(work: Work, actor: Actor, command: AddEndpoint) -> MadeSecret:
    """Add an address to which the hub sends from now on.

    Raises NotFoundError for an organisation that the actor does not administer, InvalidInputError for one that is no
    council, or a name, address or choice that cannot be, ConflictError where the council has 5 already.
    """
    if command.council_id not in organisations_with(actor, Permission.ADMINISTER):
        raise NotFoundError
    if organisation(work.session, command.council_id).kind is not OrganisationKind.COUNCIL:
        raise InvalidInputError("council", "Choose a council: only councils can have this.")
    _check_room(work, command.council_id)
    row = WebhookEndpointRow(
        id=new_id(),
        council_id=command.council_id,
        name=checked_name(command.name),
        url=checked_url(command.url, command.inside),
        secret=new_secret(),
        types=list(checked_types(command.types)),
        created_by=actor.id,
        created_at=work.now,
    )
    work.session.add(row)
    facts = {"council": row.council_id, "types": row.types}
    audit.record(work, actor=actor.id, action="webhooks.add", subject=("webhook_endpoint", row.id), details=facts)
    return MadeSecret(row.id, row.secret)


def _check_room(work: Work, council_id: str) -> None:
    own = WebhookEndpointRow.council_id == council_id, WebhookEndpointRow.removed_at.is_(None)
    work.session.execute(
        select(WebhookEndpointRow.id).where(*own).with_for_update()
    )  # two at once: one after the other
    if (work.session.scalar(select(func.count()).where(*own)) or 0) >= MOST_ENDPOINTS:
        raise ConflictError("The council has {most} addresses already. Remove one first.", most=MOST_ENDPOINTS)
