from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Connection, DateTime, Dialect, Integer, MetaData, String, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from kernel import scope
from kernel.sealing import KeyRing, give_ring, has_ring, ring_of

# SQLite numbers rows by itself only in a column declared INTEGER
Sequence = BigInteger().with_variant(Integer, "sqlite")
_WRITER_WAIT_S = 30
_SQLITE_TIME = "%Y-%m-%d %H:%M:%S.%f"


def sqlite_time(at: datetime) -> str:
    """Write a moment the way SQLite holds it: UTC text that sorts as time does."""
    return at.astimezone(UTC).strftime(_SQLITE_TIME)


class Moment(TypeDecorator[datetime]):
    """A point in time, always aware and in UTC: timestamptz on PostgreSQL, sortable text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:  # noqa: ANN401 - the base class says Any
        """Pick the column type of the engine."""
        return dialect.type_descriptor(String(26) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Refuse naive times; hand SQLite its text."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a point in time needs its zone"
            raise ValueError(message)
        return sqlite_time(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - the same
        """Return UTC whatever the engine gave."""
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.strptime(value, _SQLITE_TIME).replace(tzinfo=UTC)
        at: datetime = value
        return at.astimezone(UTC)


class Base(DeclarativeBase):
    """The root of every mapped class; one MetaData, named constraints so that migrations can drop them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: Moment,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[Any]: JSON,
    }


def _sqlite_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    setattr(connection, "isolation_level", None)  # noqa: B010 - we say BEGIN ourselves: the driver's guess breaks snapshots
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=20000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("hub_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Database:
    """An engine and its sessions.

    On SQLite one thread writes at a time: writers queue at a lock of ours instead of contending for the file's,
    which would push the slowest ones past a second. `ring` holds the keys of its sealed columns; a Ground gives its
    database one if it was opened without.
    """

    def __init__(self, url: str, *, ring: KeyRing | None = None, pool_size: int = 10) -> None:
        parsed = make_url(url)
        self.url = parsed
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.engine = create_engine(
                parsed, connect_args={"check_same_thread": False}, pool_size=pool_size, hide_parameters=True
            )
            event.listen(self.engine, "connect", _sqlite_connect)
            event.listen(self.engine, "begin", _sqlite_begin)
        else:
            self.engine = create_engine(
                parsed,
                pool_size=pool_size,
                max_overflow=pool_size,
                pool_use_lifo=True,
                pool_pre_ping=True,
                hide_parameters=True,
            )
            scope.listen(self.engine)
        if ring is not None:
            give_ring(self.engine.dialect, ring)
        self._writing = self.engine.execution_options(hub_writes=True)
        self._writer = threading.Lock()

    @property
    def ring(self) -> KeyRing:
        """The keys of the sealed columns; raises NoKeyError (a ConfigurationError) if there are none."""
        return ring_of(self.engine.dialect)

    def default_ring(self, secrets: Iterable[str]) -> None:
        """Use these secrets for the sealed columns, unless the database was opened with a ring."""
        if not has_ring(self.engine.dialect):
            give_ring(self.engine.dialect, KeyRing(tuple(secrets)))

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open a transaction that may write; commits at the end of the block, rolls back on any error.

        Raises TimeoutError if on SQLite another writer of this process holds on for 30 s, which is what
        opening a second write transaction inside the first one comes to.
        """
        if not self.is_sqlite:
            with Session(self._writing, expire_on_commit=False) as session, session.begin():
                yield session
            return
        with self._only_writer(), Session(self._writing, expire_on_commit=False) as session, session.begin():
            session.connection()
            yield session

    @contextmanager
    def _only_writer(self) -> Iterator[None]:
        if not self._writer.acquire(timeout=_WRITER_WAIT_S):
            message = "another writer kept the database for 30 s"
            raise TimeoutError(message)
        try:
            yield
        finally:
            self._writer.release()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session for reading; whatever it changed is thrown away."""
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    def close(self) -> None:
        """Let every pooled connection go."""
        self.engine.dispose()
