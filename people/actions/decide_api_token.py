from __future__ import annotations

from sqlalchemy import select

from kernel import audit
from kernel.errors import ConflictError, NotFoundError
from kernel.work import Work
from people.api_scopes import APPROVED_BY, ApiScope, Approval
from people.model import Actor
from people.permissions import organisations_with
from people.tables import ApiTokenRow


def decide_api_token(work: Work, actor: Actor, token_id: str, *, is_approved: bool) -> None:
    """Let a token ask for what it was made for and the actor may read, or let it not; either can be changed later.

    The same press twice is one decision. Raises NotFoundError for a token of an organisation in which the actor does
    not hold the permission that each such scope stands for, or that asks for none; ConflictError for one that ended.
    """
    row = work.session.scalars(select(ApiTokenRow).where(ApiTokenRow.id == token_id).with_for_update()).first()
    if row is None or not _may_decide(actor, row):
        raise NotFoundError
    if row.revoked_at is not None or row.expires_at <= work.now:
        raise ConflictError("This token has ended, so there is nothing to decide.")
    decided = Approval.APPROVED if is_approved else Approval.REFUSED
    if row.approval == decided:
        return
    row.approval, row.decided_at, row.decided_by = decided, work.now, actor.id
    action = "people.approve_api_token" if is_approved else "people.refuse_api_token"
    facts = {"organisation": row.organisation_id, "scopes": _approved_scopes(row)}
    audit.record(work, actor=actor.id, action=action, subject=("api_token", token_id), details=facts)


def _approved_scopes(row: ApiTokenRow) -> list[str]:
    return [scope for scope in row.scopes if scope in APPROVED_BY]


def _may_decide(actor: Actor, row: ApiTokenRow) -> bool:
    asked = {APPROVED_BY[ApiScope(scope)] for scope in _approved_scopes(row)}
    return bool(asked) and all(row.organisation_id in organisations_with(actor, permission) for permission in asked)
