"""One history for both databases: up to what the code says, down to nothing, and up again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from hub.migrations import alembic_config, downgrade, upgrade
from hub.wiring import MESSAGES
from kernel.database import Base, Database
from tests.services.postgres import PostgresServer

_SHAPE = {
    "sqlite": """
        SELECT 'column ' || t.name || ' ' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk
            || coalesce(' default ' || c.dflt_value, '')
        FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'
        UNION SELECT 'reference ' || t.name || ' ' || f."from" || ' to ' || f."table" || ' ' || f.on_delete
        FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'
        UNION SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL
    """,
    "postgresql": """
        SELECT 'column ' || table_name || ' ' || column_name || ' ' || udt_name || ' ' || is_nullable
            || coalesce(' of ' || character_maximum_length, '') || coalesce(' default ' || column_default, '')
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
        UNION SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        UNION SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION SELECT 'policy ' || tablename || ' ' || policyname || coalesce(' using ' || qual, '')
            || coalesce(' check ' || with_check, '')
        FROM pg_policies WHERE schemaname = 'public'
    """,
}
_OWN = "alembic_version"
_ROW_SECURITY = ("policy ", "CREATE OR REPLACE FUNCTION public.hub_")
"""What a migration alone makes: tests/isolation holds it to the tables."""
_CHANGES = {
    "sqlite": ("UPDATE audit SET actor = 'x'", "DELETE FROM audit"),
    "postgresql": ("UPDATE audit SET actor = 'x'", "DELETE FROM audit", "TRUNCATE audit"),
}


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/empty.db")
        yield database
        database.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create_database()
    database = Database(url)
    yield database
    database.close()
    server.drop_database(url)


def _shape(database: Database) -> set[str]:
    """Return everything that the schema holds, one line each, in no order."""
    with database.engine.connect() as connection:
        found = connection.scalars(text(_SHAPE[database.engine.dialect.name])).all()
    return {" ".join(line.split()) for line in found if _OWN not in line}


def _revisions(database: Database) -> list[str]:
    history = ScriptDirectory.from_config(alembic_config(database))
    return [revision.revision for revision in history.walk_revisions()][::-1]


def test_the_history_has_one_end(sqlite_database: Database) -> None:
    assert len(ScriptDirectory.from_config(alembic_config(sqlite_database)).get_heads()) == 1


def test_the_history_makes_what_the_code_says(empty: Database) -> None:
    assert MESSAGES, "the wiring, and with it every table, is loaded"
    upgrade(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_history_makes_the_very_same_schema_as_the_tables(empty: Database) -> None:
    """Down to indexes on a part of the rows, checks, defaults and triggers, which alembic does not compare."""
    upgrade(empty)
    migrated = {line for line in _shape(empty) if not line.startswith(_ROW_SECURITY)}
    downgrade(empty, "base")
    Base.metadata.create_all(empty.engine)
    assert migrated == _shape(empty)


def test_the_way_down_leaves_nothing_and_the_way_up_works_again(empty: Database) -> None:
    upgrade(empty)
    first = _shape(empty)
    assert len(first) > 100
    downgrade(empty, "base")
    assert _shape(empty) == set()
    upgrade(empty)
    assert _shape(empty) == first


def test_every_single_step_can_be_taken_back(empty: Database) -> None:
    for revision in _revisions(empty):
        before = _shape(empty)
        upgrade(empty, revision)
        assert _shape(empty) != before
        downgrade(empty, "-1")
        assert _shape(empty) == before
        upgrade(empty, revision)


def test_R34_a_migrated_audit_log_takes_nothing_back(empty: Database) -> None:
    upgrade(empty)
    with empty.begin() as session:
        line = "1, '2026-11-23 10:00:00.000000', 'system', 'test', 'thing', 't', '{}', '', ''"
        session.execute(text(f"INSERT INTO audit VALUES ({line})"))  # noqa: S608 - a line of ours
    for change in _CHANGES[empty.engine.dialect.name]:
        with pytest.raises(DatabaseError, match="append-only"), empty.begin() as session:
            session.execute(text(change))
