"""A request that changes something is carried out once, however often it is sent (Idempotency-Key)."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from flask import request

from kernel.errors import HubError
from kernel.web import ground
from kernel.work import Work
from people.actions.begin_api_call import AnsweredCall, BegunCall, begin_api_call
from people.actions.finish_api_call import drop_api_call, finish_api_call, hold_api_call

HEADER = "Idempotency-Key"
KEY = r"^[!-~]{1,255}$"
_KEY = re.compile(KEY)


class NoKeyError(HubError):
    """A request that changes something came without a key by which it can be told from another."""

    status = 400
    code = "idempotency_key_missing"


@dataclass(frozen=True)
class Told:
    """What a request is told; `is_replayed` where it was told so before and nothing was done now."""

    status: int
    answer: str
    is_replayed: bool


def key_shown() -> str:
    """Return the key of the request; raises NoKeyError where there is none, or none that can be."""
    key = request.headers.get(HEADER, "")
    if not _KEY.fullmatch(key):
        raise NoKeyError(
            "Send an Idempotency-Key with each new request: up to 255 letters, digits and signs, such as a random UUID."
        )
    return key


def once(token_id: str, key: str, body: str, change: Callable[[Work], tuple[int, str]]) -> Told:
    """Carry a change out, or tell again what it was told the first time.

    The change and its answer are kept in one transaction, so that whoever is killed in the middle has changed nothing
    and the key can be sent again. So it can after an error.
    """
    with ground().work() as work:
        begun = begin_api_call(work, token_id, key, body)
    if isinstance(begun, AnsweredCall):
        return Told(begun.status, begun.answer, is_replayed=True)
    with ExitStack() as undo:
        undo.callback(_drop, begun)
        with ground().work() as work:
            hold_api_call(work, begun)
            status, answer = change(work)
            finish_api_call(work, begun, status, answer)
        undo.pop_all()
    return Told(status, answer, is_replayed=False)


def _drop(call: BegunCall) -> None:
    with ground().work() as work:
        drop_api_call(work, call)
