from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, time, timedelta

from kernel import audit
from kernel.calendar import at_london
from kernel.errors import NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.api_scopes import APPROVED_BY, ApiScope, Approval
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.queries import digest, organisation
from people.rules.api_tokens import check_expiry, check_scopes, checked_name
from people.tables import ApiTokenRow

_BYTES = 32
_SHOWN = 10
MARK = "hub_"
"""How every token begins, so that scanners for leaked secrets know it."""


@dataclass(frozen=True)
class IssueApiToken:
    """A token for a program of an organisation; it holds to the end of `last_day`, London time."""

    organisation_id: str
    name: str
    scopes: tuple[ApiScope, ...]
    last_day: date


@dataclass(frozen=True)
class IssuedToken:
    """A new token; `secret` is shown once and kept nowhere."""

    id: str
    secret: str
    last_day: date


def issue_api_token(work: Work, actor: Actor, command: IssueApiToken) -> IssuedToken:
    """Make a token and return it; of its secret only the digest is kept.

    A scope that somebody must approve opens nothing until they have (people.actions.decide_api_token).

    Raises NotFoundError for an organisation that the actor does not administer, InvalidInputError for a name, scopes
    or a last day that cannot be.
    """
    if command.organisation_id not in organisations_with(actor, Permission.ADMINISTER):
        raise NotFoundError
    name = checked_name(command.name)
    scopes = tuple(dict.fromkeys(command.scopes))
    check_scopes(scopes, organisation(work.session, command.organisation_id).kind)
    expires_at = at_london(command.last_day + timedelta(days=1), time.min)
    check_expiry(expires_at, work.now)
    secret, token_id = MARK + secrets.token_urlsafe(_BYTES), new_id()
    work.session.add(
        ApiTokenRow(
            id=token_id,
            organisation_id=command.organisation_id,
            name=name,
            prefix=secret[:_SHOWN],
            digest=digest(secret),
            scopes=list(scopes),
            created_by=actor.id,
            created_at=work.now,
            expires_at=expires_at,
            approval=Approval.NOT_NEEDED if APPROVED_BY.keys().isdisjoint(scopes) else Approval.WAITING,
        )
    )
    facts = {"organisation": command.organisation_id, "scopes": list(scopes), "expires_at": expires_at.isoformat()}
    audit.record(work, actor=actor.id, action="people.issue_api_token", subject=("api_token", token_id), details=facts)
    return IssuedToken(token_id, secret, command.last_day)
