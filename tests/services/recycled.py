"""PostgreSQL databases for tests, emptied after use instead of made anew: a copy of the template costs ten times more.

Isolation stays what it was. A database is given out under a new name each time, so that nobody who still knows the
old one gets in; it is given out again only if nobody changed anything but rows, and else dropped.
"""

from __future__ import annotations

from uuid import uuid4

import psycopg
from psycopg import sql

from tests.services.postgres import HUB, PostgresServer, database_name

MOST_USES = 100  # emptied tables keep a little of what they held, so that none is used for ever

# An event trigger moves the sequence; a sequence stays moved though the transaction be rolled back.
_WATCH = """
CREATE SCHEMA beside_the_hub;
GRANT USAGE ON SCHEMA beside_the_hub TO PUBLIC;
CREATE SEQUENCE beside_the_hub.changes;
CREATE FUNCTION beside_the_hub.note() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS
  $$ BEGIN PERFORM nextval('beside_the_hub.changes'); END $$;
CREATE EVENT TRIGGER beside_the_hub ON ddl_command_end EXECUTE FUNCTION beside_the_hub.note();
CREATE EVENT TRIGGER beside_the_hub_drop ON sql_drop EXECUTE FUNCTION beside_the_hub.note();
"""
# an empty table has no page, once it was vacuumed
_FILLED = """
SELECT oid::regclass::text FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0 ORDER BY 1
"""
_HAS_CHANGED = """
SELECT (SELECT last_value FROM pg_sequences WHERE schemaname = 'beside_the_hub') IS NOT NULL
    OR EXISTS (SELECT 1 FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
               WHERE d.datname = current_database())
"""
_END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_REWIND = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE last_value IS NOT NULL
"""


class Recycled:
    """Copies of one template, which is given to it and belongs to it from then on."""

    def __init__(self, server: PostgresServer, template: str) -> None:
        self._server = server
        self._template = template
        self._free: list[str] = []
        self._uses: dict[str, int] = {}
        with server.connection(template) as connection:
            self._kept = _filled(connection)
            self._content = [_fingerprint(connection, table) for table in self._kept]
            connection.execute(_WATCH)

    def take(self) -> str:
        """Return the URL of a database as the template is, for the hub's own role."""
        if not self._free:
            url = self._server.create_database(self._template)
            self._uses[url] = 0
            return url
        return self._free.pop()

    def give_back(self, url: str) -> None:
        """Take a database back, ending whatever connections it still has; its URL leads nowhere from here on."""
        uses = self._uses.pop(url) + 1
        if uses >= MOST_USES or not self._emptied(database_name(url)):
            self._server.drop_database(url)
            return
        name = f"hub_{uuid4().hex[:16]}"
        names = (sql.Identifier(each) for each in (database_name(url), name))
        with self._server.connection() as connection:
            connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))
        renamed = self._server.url(name, HUB)
        self._uses[renamed] = uses
        self._free.append(renamed)

    def _emptied(self, name: str) -> bool:
        """Take away all rows that the template has not; tell whether the database is as the template is then."""
        with self._server.connection(name) as connection:
            connection.execute(_END_OTHERS)
            if connection.execute(_HAS_CHANGED).fetchone() != (False,):
                return False
            if [_fingerprint(connection, table) for table in self._kept] != self._content:
                return False
            filled = [table for table in _filled(connection) if table not in self._kept]
            if filled:
                _empty(connection, filled)
            connection.execute(_REWIND)
        return True


def _filled(connection: psycopg.Connection) -> list[str]:
    return [name for (name,) in connection.execute(_FILLED)]


def _fingerprint(connection: psycopg.Connection, table: str) -> object:
    order = sql.SQL("SELECT md5(string_agg(kept::text, ',' ORDER BY kept::text)) FROM {} AS kept")
    return connection.execute(order.format(sql.SQL(table))).fetchone()


def _empty(connection: psycopg.Connection, tables: list[str]) -> None:
    """Delete the rows of these tables past every trigger; leave them as never used, down to the planner's figures."""
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for table in tables:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.SQL(table)))
    named = sql.SQL(", ").join(sql.SQL(each) for each in tables)
    connection.execute(sql.SQL("VACUUM (TRUNCATE, INDEX_CLEANUP ON) {}").format(named))
    for table in tables:
        connection.execute("SELECT pg_clear_relation_stats('public', %s)", [table])
