from __future__ import annotations

from sqlalchemy import select

from kernel.work import Work
from people.actions.issue_grant import token_of
from people.queries import digest
from people.tables import GrantRow


def renew_links(work: Work, after: str = "", *, limit: int = 500) -> str | None:
    """Let open links made under an older secret be found by the token of the newest too.

    A message that was queued before the secret changed and is written after it carries that token. Looks at `limit`
    links whose id comes after `after`; returns the id to go on from, None at the end.
    """
    if not work.keys.has_older:
        return None
    is_open = GrantRow.spent_at.is_(None), GrantRow.expires_at > work.now, GrantRow.id > after
    rows = list(work.session.scalars(select(GrantRow).where(*is_open).order_by(GrantRow.id).limit(limit)))
    for row in rows:
        newest = digest(token_of(work.keys, row.id))
        if newest not in (row.digest, row.renewed_digest):
            row.digest, row.renewed_digest = row.renewed_digest or row.digest, newest
    work.session.flush()
    return rows[-1].id if rows else None
