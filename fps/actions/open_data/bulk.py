"""Many rows into a table and from table to table, in the fewest statements that the engine has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

from fps.rules.open_data.gias import Value


def table_of(row: type[DeclarativeBase]) -> Table:
    """Return the table of a mapped class."""
    found = row.__table__
    if not isinstance(found, Table):
        raise TypeError(found)
    return found


def insert_rows(session: Session, table: Table, names: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    """Insert rows of texts and numbers, past the ORM: COPY on PostgreSQL, the driver's executemany on SQLite."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})", list(rows))  # noqa: S608 - names of our own tables
        return
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def differs(current: Table, staged: Table, names: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that one of the columns is not the same in both."""
    return or_(*(current.c[name].is_distinct_from(staged.c[name]) for name in names))


def same_key(current: Table, staged: Table) -> ColumnElement[bool]:
    """Return the condition that a staged row is of a current row's key."""
    first, *others = (current.c[column.name] == staged.c[column.name] for column in current.primary_key)
    for other in others:
        first &= other
    return first


def take_rows(session: Session, current: Table, staged: Table, import_id: str, given: dict[str, object]) -> None:
    """Write the staged rows of an import over the current ones, where anything differs; `given` are fixed values."""
    kept = [column.name for column in staged.c if column.name != "import_id"]
    keys = {column.name for column in current.primary_key}
    fixed = [literal(value, current.c[name].type).label(name) for name, value in given.items()]
    rows = select(*(staged.c[name] for name in kept), *fixed).where(staged.c.import_id == import_id)
    names = [*kept, *given]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(current).from_select(names, rows)
    told = statement.excluded
    written = [name for name in names if name not in keys]
    changed = or_(*(current.c[name].is_distinct_from(told[name]) for name in written))
    session.execute(
        statement.on_conflict_do_update(
            index_elements=sorted(keys), set_={name: told[name] for name in written}, where=changed
        )
    )


def forget_rows(session: Session, staged: Table, import_id: str) -> None:
    """Delete the staged rows of an import."""
    session.execute(delete(staged).where(staged.c.import_id == import_id))
