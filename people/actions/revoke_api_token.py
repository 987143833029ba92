from __future__ import annotations

from sqlalchemy import select

from kernel import audit
from kernel.errors import NotFoundError
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.tables import ApiTokenRow


def revoke_api_token(work: Work, actor: Actor, token_id: str) -> None:
    """End a token at once; one that was revoked before stays as it is.

    Raises NotFoundError for a token of an organisation that the actor does not administer.
    """
    row = work.session.scalars(select(ApiTokenRow).where(ApiTokenRow.id == token_id).with_for_update()).first()
    if row is None or row.organisation_id not in organisations_with(actor, Permission.ADMINISTER):
        raise NotFoundError
    if row.revoked_at is not None:
        return
    row.revoked_at, row.revoked_by = work.now, actor.id
    audit.record(work, actor=actor.id, action="people.revoke_api_token", subject=("api_token", token_id))
