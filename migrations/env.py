from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

import hub.wiring  # noqa: F401 - loads every package's tables
from kernel.database import Base, Moment
from kernel.sealing import Sealed


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 - alembic's own shape
    """Write our own column type by its name."""
    if kind == "type" and isinstance(item, Moment):
        autogen.imports.add("from kernel.database import Moment")
        return "Moment()"
    if kind == "type" and isinstance(item, Sealed):
        return "sa.Text()"
    return False


@contextmanager
def references_off(connection: Connection) -> Iterator[None]:
    """Let SQLite put a new table in an old one's place without asking who refers to it; check all at the end.

    It can change a column only that way, and takes the switch only outside a transaction.
    """
    raw = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or raw is None:
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        astray = raw.execute("PRAGMA foreign_key_check").fetchall()
        if astray:
            message = f"after the migration {len(astray)} rows of {astray[0][0]} refer to nothing"
            raise RuntimeError(message)
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


with context.config.attributes["engine"].connect() as connection, references_off(connection):
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_item=render_item,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
