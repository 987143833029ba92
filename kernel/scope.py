"""Whose rows a transaction on PostgreSQL may touch: migrations/versions/0009 holds the policies that ask for it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

_TELL = (
    "SELECT set_config('hub.person', %s, true), set_config('hub.organisations', %s, true), "
    "set_config('hub.operator', %s, true)"
)


@dataclass(frozen=True)
class Scope:
    """Who acts, and for which organisations. `is_operator`: the messages of the whole hub are theirs to look after."""

    person_id: str
    organisation_ids: tuple[str, ...] = ()
    is_operator: bool = False


_SCOPE: ContextVar[Scope | None] = ContextVar("hub_scope", default=None)


def current() -> Scope | None:
    """Return in whose scope transactions begin here; None for the system itself, which may touch every row."""
    return _SCOPE.get()


def enter(scope: Scope | None) -> None:
    """Let every transaction that begins here from now on be in a scope, or in none; what was before is forgotten.

    Threads are used again, so that whoever enters for a request enters None at its end.
    """
    _SCOPE.set(scope)


@contextmanager
def system(why: str, session: Session | None = None) -> Iterator[None]:
    """Let what happens inside touch every organisation's rows, also in the transaction that `session` has open.

    The last resort where an action within a request is about rows of others and each row cannot say so itself. `why`
    goes into the log; a test keeps the list of those who may.
    """
    scope = _SCOPE.get()
    if scope is None:
        yield
        return
    log.info("rows of every organisation", extra={"why": why})
    if session is not None:
        session.flush()  # what was changed before is still held to its own rows
    _SCOPE.set(None)
    try:
        if session is not None:
            _tell_open(session, None)
        yield
        if session is not None:
            session.flush()
    finally:
        _SCOPE.set(scope)
        if session is not None:
            _tell_open(session, scope)


def listen(engine: Engine) -> None:
    """Tell PostgreSQL the scope at the beginning of each transaction; the system's own say nothing and lose no time."""
    event.listen(engine, "begin", _tell_at_begin)


def _tell_at_begin(connection: Connection) -> None:
    scope = _SCOPE.get()
    if scope is not None:
        connection.exec_driver_sql(_TELL, _values(scope))


def _tell_open(session: Session, scope: Scope | None) -> None:
    connection = session.connection()
    if connection.dialect.name != "postgresql" or _is_lost(connection):
        return
    connection.exec_driver_sql(_TELL, _values(scope) if scope else ("", "", ""))


def _is_lost(connection: Connection) -> bool:
    """Tell whether an error has ended the transaction: it takes no word any more, and changes nothing."""
    driver = connection.connection.dbapi_connection
    return driver is None or driver.info.transaction_status == TransactionStatus.INERROR


def _values(scope: Scope) -> tuple[str, str, str]:
    return scope.person_id, ",".join(scope.organisation_ids), "yes" if scope.is_operator else ""
