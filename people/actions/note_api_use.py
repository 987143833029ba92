from __future__ import annotations

from sqlalchemy import update

from kernel.work import Work
from people.tables import ApiTokenRow


def note_api_use(work: Work, token_id: str) -> None:
    """Note that a token is in use, so that its people see which ones nobody needs any more."""
    work.session.execute(update(ApiTokenRow).where(ApiTokenRow.id == token_id).values(last_used_at=work.now))
