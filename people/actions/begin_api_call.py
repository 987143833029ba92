from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from kernel.errors import ConflictError, HubError
from kernel.events import insert_ignore
from kernel.ids import new_id
from kernel.work import Work
from people.tables import ApiCallRow

KEPT_FOR = timedelta(hours=24)
_LEASE = timedelta(seconds=60)
"""How long a call that nobody finishes keeps its key: whoever worked on it was stopped, and nothing was changed."""


class KeyUsedError(HubError):
    """The key was used before, for another body."""

    status = 422
    code = "idempotency_key_used"


@dataclass(frozen=True)
class BegunCall:
    """A call that may be worked on now; `attempt` proves it."""

    token_id: str
    key: str
    attempt: str


@dataclass(frozen=True)
class AnsweredCall:
    """What a call was told the first time."""

    status: int
    answer: str


def begin_api_call(work: Work, token_id: str, key: str, body: str) -> BegunCall | AnsweredCall:
    """Begin a call that changes something, or return what it was told before: the same key has the same answer.

    Keys are each token's own and are kept for 24 hours. Raises KeyUsedError where the key came with another body,
    ConflictError while the first call with it is under way.
    """
    names = work.keys.tokens("people.api_call.key", f"{token_id}|{key}")
    bodies = work.keys.tokens("people.api_call.body", f"{token_id}|{body}")
    mine = ApiCallRow.token_id == token_id, ApiCallRow.key.in_(names)
    work.session.execute(delete(ApiCallRow).where(*mine, ApiCallRow.begun_at <= work.now - KEPT_FOR))
    attempt = new_id()
    fresh = {
        "token_id": token_id,
        "key": names[0],
        "body": bodies[0],
        "attempt": attempt,
        "begun_at": work.now,
        "leased_until": work.now + _LEASE,
    }
    insert_ignore(work.session, ApiCallRow, [fresh])
    row = work.session.scalars(select(ApiCallRow).where(*mine).with_for_update(skip_locked=True)).first()
    if row is None:
        raise _under_way()
    if row.body not in bodies:
        raise KeyUsedError("This Idempotency-Key was used for another body. Send a new key with each new request.")
    if row.status is not None:
        return AnsweredCall(row.status, row.answer or "")
    return _take(row, attempt, work.now)


def _take(row: ApiCallRow, attempt: str, now: datetime) -> BegunCall:
    """Take a call that is new, or whose last worker was stopped in the middle of it."""
    if row.attempt != attempt:
        if row.leased_until > now:
            raise _under_way()
        row.attempt, row.leased_until = attempt, now + _LEASE
    return BegunCall(row.token_id, row.key, attempt)


def _under_way() -> ConflictError:
    return ConflictError("A request with this Idempotency-Key is under way. Send it again in a few seconds.", retry_s=5)
