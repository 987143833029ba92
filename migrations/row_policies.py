"""Row-level security for the tables of a revision, in the words of revision 0009."""

from __future__ import annotations

from dataclasses import dataclass

from alembic import op

NEVER = "false"
ME = "(SELECT current_setting('hub.person', true))"
_IS_SYSTEM = "(SELECT coalesce(current_setting('hub.person', true), '')) = ''"
_MINE = "((SELECT string_to_array(current_setting('hub.organisations', true), ','))::text[])"


@dataclass(frozen=True)
class Rows:
    """Who may do what to the rows of a table, as SQL; what is not said of a write is what is said of reading."""

    read: str
    insert: str | None = None
    update: str | None = None
    becomes: str | None = None
    delete: str | None = None


def mine(column: str) -> str:
    """Return that a column names one of the organisations for which the person acts."""
    return f"{column} = ANY ({_MINE})"


def of(table: str, key: str, condition: str = "") -> str:
    """Return that a row's parent is one of those that may be read, or that also meets a condition on `parent`."""
    also = f" AND {condition}" if condition else ""
    return f"EXISTS (SELECT 1 FROM {table} parent WHERE parent.id = {key}{also})"  # noqa: S608 - written in a revision, by nobody else


def hold(table: str, rows: Rows) -> None:
    """Hold a table to its policies on PostgreSQL; SQLite has none."""
    if op.get_bind().dialect.name != "postgresql":
        return
    insert, update = rows.insert or rows.read, rows.update or rows.read
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for command, using, check in (
        ("SELECT", rows.read, None),
        ("INSERT", None, insert),
        ("UPDATE", update, rows.becomes or update),
        ("DELETE", rows.delete or rows.read, None),
    ):
        parts = [f"CREATE POLICY hub_{command.lower()} ON {table} FOR {command}"]
        parts += [f"USING ({_IS_SYSTEM} OR ({using}))"] if using else []
        parts += [f"WITH CHECK ({_IS_SYSTEM} OR ({check}))"] if check else []
        op.execute(" ".join(parts))
