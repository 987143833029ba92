from __future__ import annotations

import json
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from channels.model import Arrival
from channels.tables import InboundRow
from kernel.database import Database
from kernel.ids import new_id
from kernel.sealing import KeyRing, Sealed
from kernel.work import Ground

log = logging.getLogger(__name__)

BELL = "inbox"
_LARGEST_GROUP = 200
_AWAY = (OperationalError, psycopg.OperationalError, TimeoutError)
_FAULTS = (SQLAlchemyError, psycopg.Error, TimeoutError, ValueError, TypeError)
_KEY = ["channel", "vendor_id"]
_SQLITE = sqlite.insert(InboundRow).on_conflict_do_nothing(index_elements=_KEY)
_SEALED = {column.name: column.type for column in InboundRow.__table__.c if isinstance(column.type, Sealed)}
# one statement for the whole group, with one parameter, in a transaction of its own: a single turn to the server
_POSTGRESQL = """
    INSERT INTO inbound (id, channel, vendor_id, sender, sender_digest, recipient, body, action, values, thread,
                         automatic, received_at, state, due_at, attempts)
    SELECT id, channel, vendor_id, sender, sender_digest, recipient, body, action, values, thread,
           automatic, received_at, state, due_at, attempts
    FROM json_populate_recordset(NULL::inbound, CAST(%s AS json))
    ON CONFLICT (channel, vendor_id) DO NOTHING
    """


@dataclass
class _Waiting:
    arrival: Arrival
    woken: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    is_stored: bool = False
    error: Exception | None = None


class NotStoredError(Exception):
    """What came in could not be stored; its sender should send it again."""


class Inbox:
    """Stores what comes in, durably and once, before its sender is answered.

    Webhooks that arrive together share one transaction: whichever thread comes first stores for all that wait, then
    hands the turn to the first of those that have come meanwhile. That is what makes an inbound text cheap, and on
    SQLite it keeps to a single writer.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._turn = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._is_storing = False
        self._store = _SqliteStore(ground.database) if ground.database.is_sqlite else _PostgresqlStore(ground.database)

    def accept(self, arrival: Arrival) -> None:
        """Store an arrival and return once it is committed; one seen before changes nothing.

        Raises NotStoredError where the database did not take it: the webhook then answers with an error, so that its
        sender tries again.
        """
        waiting = _Waiting(arrival)
        with self._turn:
            self._waiting.append(waiting)
            leads, self._is_storing = not self._is_storing, True
        if not leads:
            waiting.woken.wait()
        if leads or waiting.leads:
            self._lead()
        if not waiting.is_stored:
            raise NotStoredError from waiting.error

    def _lead(self) -> None:
        """Store for everybody who waits, this thread among them, and hand the turn on."""
        with self._turn:
            group, self._waiting = self._waiting[:_LARGEST_GROUP], self._waiting[_LARGEST_GROUP:]
        try:
            self._commit(group)
        finally:
            self._hand_on(group)
        self._ground.bell.ring(BELL)

    def _hand_on(self, stored: Sequence[_Waiting]) -> None:
        for waiting in stored:
            waiting.woken.set()
        with self._turn:
            following = self._waiting[0] if self._waiting else None
            self._is_storing = following is not None
        if following is not None:
            following.leads = True
            following.woken.set()

    def close(self) -> None:
        """Let the connection go."""
        with self._turn:
            self._store.close()

    def _commit(self, group: Sequence[_Waiting]) -> None:
        now = self._ground.clock.now()
        try:
            self._store.store([_row(waiting.arrival, now) for waiting in group])
        except _FAULTS as error:
            if len(group) > 1 and not isinstance(error, _AWAY):
                for waiting in group:  # one text that cannot be stored does not take the others with it
                    self._commit([waiting])
                return
            log.error("inbound not stored", extra={"texts": len(group), "error": type(error).__name__})  # noqa: TRY400 - its words hold what people wrote
            for waiting in group:
                waiting.error = error
            return
        for waiting in group:
            waiting.is_stored = True


class _SqliteStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def store(self, rows: list[dict[str, Any]]) -> None:
        with self._database.begin() as session:
            session.execute(_SQLITE, rows)

    def close(self) -> None:
        """Nothing is kept."""


class _PostgresqlStore:
    """Stores over a connection of its own that commits each statement by itself: one turn to the server.

    Between sessions, pools and transactions a turn would become five, which is what an inbound text costs most.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: psycopg.Connection[Any] | None = None

    def store(self, rows: list[dict[str, Any]]) -> None:
        ring = self._database.ring
        written = (json.dumps([_sealed(row, ring) for row in rows], default=_plain),)
        try:
            self._connection().execute(_POSTGRESQL, written)
        except psycopg.OperationalError:
            self.close()  # the server was restarted: once more, on a new connection
            self._connection().execute(_POSTGRESQL, written)

    def _connection(self) -> psycopg.Connection[Any]:
        if self._kept is None:
            self._kept = psycopg.connect(_dsn(self._database), autocommit=True)
        return self._kept

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None


def _dsn(database: Database) -> str:
    return database.url.set(drivername="postgresql").render_as_string(hide_password=False)


def _row(arrival: Arrival, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "channel": arrival.channel,
        "vendor_id": _storable(arrival.vendor_id),
        "sender": _storable(arrival.sender),
        "recipient": _storable(arrival.recipient),
        "body": _storable(arrival.body),
        "action": arrival.action,
        "values": {name: _storable(value) for name, value in arrival.values.items()},
        "thread": arrival.thread,
        "automatic": arrival.automatic,
        "received_at": now,
        "state": "waiting",
        "due_at": now,
        "attempts": 0,
    }


def _sealed(row: dict[str, Any], ring: KeyRing) -> dict[str, Any]:
    """Return a row as the database keeps it: what goes past SQLAlchemy seals for itself."""
    kept = {name: kind.seal(ring, row[name]) for name, kind in _SEALED.items() if name in row}
    return {**row, **kept, "sender_digest": ring.digest(row["sender"])}


def _storable(text: str) -> str:
    """Return the text without what no database takes: NUL signs and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
