from __future__ import annotations

from sqlalchemy import delete, select

from kernel.errors import ConflictError
from kernel.work import Work
from people.actions.begin_api_call import KEPT_FOR, BegunCall
from people.tables import ApiCallRow


def hold_api_call(work: Work, call: BegunCall) -> None:
    """Hold a call for the rest of the transaction, in which its change is made and its answer kept: both or neither.

    Raises ConflictError where somebody else has taken it over in the meantime.
    """
    found = select(ApiCallRow.attempt).where(ApiCallRow.token_id == call.token_id, ApiCallRow.key == call.key)
    if work.session.scalars(found.with_for_update()).first() != call.attempt:
        raise ConflictError("This request took too long and was taken over. Send it again with the same key.")


def finish_api_call(work: Work, call: BegunCall, status: int, answer: str) -> None:
    """Keep what a call was told, in the transaction of what it changed."""
    row = work.session.get_one(ApiCallRow, (call.token_id, call.key))
    row.status, row.answer = status, answer


def drop_api_call(work: Work, call: BegunCall) -> None:
    """Let go of a call that was refused: it changed nothing, and the key may be sent again, with a better body too."""
    work.session.execute(
        delete(ApiCallRow).where(
            ApiCallRow.token_id == call.token_id,
            ApiCallRow.key == call.key,
            ApiCallRow.attempt == call.attempt,
            ApiCallRow.status.is_(None),
        )
    )


def forget_api_calls(work: Work) -> None:
    """Forget the calls of more than 24 hours ago."""
    work.session.execute(delete(ApiCallRow).where(ApiCallRow.begun_at <= work.now - KEPT_FOR))
