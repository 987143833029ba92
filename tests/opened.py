"""Rows as the hub reads them: sealed columns come opened, which a test's own SQL would not do."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

import hub.wiring  # noqa: F401 - loads every table
from kernel.database import Base


def column(place: str) -> ColumnElement[Any]:
    """Return the column of a place, table.column."""
    table, _, name = place.partition(".")
    return Base.metadata.tables[table].c[name]


def of(table: str, *names: str) -> Select[Any]:
    """Return the query for these columns of a table, or for all of them, in the order of its key."""
    found = Base.metadata.tables[table]
    wanted = [found.c[name] for name in names] or list(found.c)
    return select(*wanted).order_by(*found.primary_key.columns)


def opened(session: Session, table: str, *names: str) -> list[Any]:
    """Return these columns of a table's rows, opened, in the order of its key."""
    return list(session.execute(of(table, *names)).all())
