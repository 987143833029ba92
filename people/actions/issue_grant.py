from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from kernel.errors import TooLateError
from kernel.ids import new_id
from kernel.keys import Keys
from kernel.work import Work
from people.queries import LINK_SPENT, digest
from people.tables import GrantRow

_PURPOSE = "people.grant"


def token_of(keys: Keys, grant_id: str) -> str:
    """Return the link token of a grant: 128 bits that the database alone does not give away."""
    return keys.token(_PURPOSE, grant_id)


def issue_grant(work: Work, *, purpose: str, target: str, expires_at: datetime, person_id: str | None = None) -> str:
    """Make a link that grants `purpose` on `target` until `expires_at`; return the grant's id.

    The message that carries the link holds only this id; its renderer derives the token.
    """
    grant_id = new_id()
    work.session.add(
        GrantRow(
            id=grant_id,
            digest=digest(token_of(work.keys, grant_id)),
            purpose=purpose,
            target=target,
            person_id=person_id,
            created_at=work.now,
            expires_at=expires_at,
        )
    )
    work.session.flush()
    return grant_id


def spend_grant(work: Work, grant_id: str) -> None:
    """Spend a link; raises TooLateError if it is spent already, also when two press at once."""
    change = update(GrantRow).where(GrantRow.id == grant_id, GrantRow.spent_at.is_(None))
    if work.session.execute(change.values(spent_at=work.now).returning(GrantRow.id)).first() is None:
        raise TooLateError(LINK_SPENT)
