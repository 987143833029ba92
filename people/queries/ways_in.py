from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.errors import NotFoundError, TooLateError
from people.queries import LINK_SPENT, digest, open_grant
from people.tables import AskRow


@dataclass(frozen=True)
class WayIn:
    """A link that somebody follows; `is_here` says whether it was asked for in this very browser."""

    person_id: str
    is_here: bool


def way_in(session: Session, purpose: str, browser: str | None, token: str, now: datetime) -> WayIn:
    """Look at a link that lets in, without spending it.

    Raises NotFoundError for a link that was never sent, TooLateError for one that has run out or was used.
    """
    grant = open_grant(session, token, purpose, now)
    ask = session.get(AskRow, grant.target)
    if grant.person_id is None:
        raise NotFoundError
    if ask is None or ask.spent_at is not None:
        raise TooLateError(LINK_SPENT)
    return WayIn(grant.person_id, browser is not None and ask.browser == digest(browser))
