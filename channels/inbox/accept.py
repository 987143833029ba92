from __future__ import annotations

import json
import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SQLAlchemyError

from channels.model import Arrival
from channels.tables import InboundRow
from kernel.database import Database
from kernel.ids import new_id
from kernel.work import Ground

log = logging.getLogger(__name__)

BELL = "inbox"
_LARGEST_GROUP = 200
_KEY = ["channel", "vendor_id"]
_SQLITE = sqlite.insert(InboundRow).on_conflict_do_nothing(index_elements=_KEY)
# one statement for the whole group, with one parameter, in a transaction of its own: a single turn to the server
_POSTGRESQL = """
    INSERT INTO inbound (id, channel, vendor_id, sender, recipient, body, action, values, thread, automatic,
                         received_at, state, due_at, attempts)
    SELECT id, channel, vendor_id, sender, recipient, body, action, values, thread, automatic,
           received_at, state, due_at, attempts
    FROM json_populate_recordset(NULL::inbound, CAST(%s AS json))
    ON CONFLICT (channel, vendor_id) DO NOTHING
    """


_Store = Callable[[list[dict[str, Any]]], None]


@dataclass
class _Waiting:
    arrival: Arrival
    stored: threading.Event = field(default_factory=threading.Event)
    error: Exception | None = None


class NotStoredError(Exception):
    """What came in could not be stored; its sender should send it again."""


class Inbox:
    """Stores what comes in, durably and once, before its sender is answered.

    Webhooks that arrive together share one transaction: one writer thread takes all that wait and commits them as
    one statement. That is what makes an inbound text cheap on PostgreSQL and keeps SQLite to a single writer.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._writer: threading.Thread | None = None
        self._store = _in_sqlite if ground.database.is_sqlite else _in_postgresql

    def accept(self, arrival: Arrival) -> None:
        """Store an arrival and return once it is committed; one seen before changes nothing.

        Raises NotStoredError where the database did not take it: the webhook then answers with an error, so that its
        sender tries again.
        """
        if self._writer is None:
            self._start()
        waiting = _Waiting(arrival)
        self._waiting.put(waiting)
        waiting.stored.wait()
        if waiting.error is not None:
            raise NotStoredError from waiting.error

    def close(self) -> None:
        """Store what still waits and stop."""
        with self._starting:
            if self._writer is not None:
                self._waiting.put(None)
                self._writer.join()
                self._writer = None

    def _start(self) -> None:
        with self._starting:
            if self._writer is None:
                self._writer = threading.Thread(target=self._write, name="inbox-writer", daemon=True)
                self._writer.start()

    def _write(self) -> None:
        with self._store(self._ground.database) as store:
            while (first := self._waiting.get()) is not None:
                group = [first]
                stop = _take_more(self._waiting, group)
                self._commit(store, group)
                if stop:
                    return

    def _commit(self, store: _Store, group: Sequence[_Waiting]) -> None:
        now = self._ground.clock.now()
        try:
            store([_row(waiting.arrival, now) for waiting in group])
        except (SQLAlchemyError, psycopg.Error, TimeoutError) as error:
            log.error("inbound not stored", extra={"texts": len(group), "error": type(error).__name__})  # noqa: TRY400 - its words hold what people wrote
            for waiting in group:
                waiting.error = error
        for waiting in group:
            waiting.stored.set()
        self._ground.bell.ring(BELL)


@contextmanager
def _in_sqlite(database: Database) -> Iterator[_Store]:
    def store(rows: list[dict[str, Any]]) -> None:
        with database.begin() as session:
            session.execute(_SQLITE, rows)

    yield store


@contextmanager
def _in_postgresql(database: Database) -> Iterator[_Store]:
    """Yield a store over a connection of its own, which commits each statement by itself: one turn to the server.

    Between sessions, pools and transactions a turn would become five, which is what an inbound text costs most.
    """
    kept: list[psycopg.Connection[Any]] = []

    def connection() -> psycopg.Connection[Any]:
        if not kept or kept[0].closed:
            kept[:] = [psycopg.connect(_dsn(database), autocommit=True)]
        return kept[0]

    def store(rows: list[dict[str, Any]]) -> None:
        written = (json.dumps(rows, default=_plain),)
        try:
            connection().execute(_POSTGRESQL, written)
        except psycopg.OperationalError:
            connection().execute(_POSTGRESQL, written)  # the server was restarted: once more, on a new connection

    try:
        yield store
    finally:
        for one in kept:
            one.close()


def _dsn(database: Database) -> str:
    return database.url.set(drivername="postgresql").render_as_string(hide_password=False)


def _take_more(waiting: queue.SimpleQueue[_Waiting | None], group: list[_Waiting]) -> bool:
    """Add what else waits to the group; tell whether the end was among it."""
    while len(group) < _LARGEST_GROUP:
        try:
            found = waiting.get_nowait()
        except queue.Empty:
            return False
        if found is None:
            return True
        group.append(found)
    return False


def _row(arrival: Arrival, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "channel": arrival.channel,
        "vendor_id": arrival.vendor_id,
        "sender": arrival.sender,
        "recipient": arrival.recipient,
        "body": arrival.body,
        "action": arrival.action,
        "values": dict(arrival.values),
        "thread": arrival.thread,
        "automatic": arrival.automatic,
        "received_at": now,
        "state": "waiting",
        "due_at": now,
        "attempts": 0,
    }


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
