from __future__ import annotations

import secrets

from sqlalchemy import select

from kernel import audit
from kernel.errors import NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.model import SessionLimits
from people.queries import digest
from people.tables import PersonRow, SessionRow

_BYTES = 32
_USUAL = SessionLimits()
_LONGEST_NAME = 60


def begin_session(
    work: Work,
    person_id: str,
    means: str = "link",
    *,
    is_strong: bool = False,
    browser: str = "",
    limits: SessionLimits = _USUAL,
) -> str:
    """Sign a person in and return the token that their browser holds; of it only the digest is kept.

    `means` is how they proved who they are ("link", "code", "sso", "passkey"), `is_strong` whether that was a second
    factor too, `browser` the browser in words. Raises NotFoundError for somebody unknown or who has left, and
    for a record that was made one with another.
    """
    # the lock makes whoever leaves at this moment wait, and then end this session too
    stays = PersonRow.left_at.is_(None) & PersonRow.merged_into_id.is_(None)
    own = select(PersonRow.id).where(PersonRow.id == person_id, stays).with_for_update(key_share=True)
    if work.session.scalars(own).first() is None:
        raise NotFoundError
    token, session_id = new_token(), new_id()
    work.session.add(
        SessionRow(
            id=session_id,
            digest=digest(token),
            person_id=person_id,
            created_at=work.now,
            seen_at=work.now,
            idle_at=work.now + limits.idle,
            ends_at=work.now + limits.longest,
            means=means,
            strong_at=work.now if is_strong else None,
            browser=browser[:_LONGEST_NAME],
        )
    )
    facts = {"session": session_id, "means": means, "strong": is_strong}
    audit.record(work, actor=person_id, action="people.sign_in", subject=("person", person_id), details=facts)
    return token


def new_token() -> str:
    """Return a token for a browser to hold: 256 random bits."""
    return secrets.token_urlsafe(_BYTES)
