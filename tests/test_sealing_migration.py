"""Rows from before columns were sealed: found by their digest at once, read as they are, sealed, and brought back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from hub.migrations import downgrade, upgrade
from kernel.database import Database
from kernel.errors import ConfigurationError
from kernel.resealing import SealedTable, reseal
from kernel.sealing import KeyRing
from tests.services.postgres import PostgresServer

RING = KeyRing(["a secret for tests"])
PHONE = "+447700900123"
POINTS = SealedTable("contact_points", ("id",), ("address",), {"address_digest": "address"})
MESSAGES = SealedTable("messages", ("seq",), ("values", "attachments"), {})
VALUES = {"phone": PHONE, "answer": '{"answer": "żółw"}', "nothing": "null", "none": "{}"}
BEFORE = (
    "INSERT INTO persons (id, name, language, created_at) VALUES ('p', 'Amelia', 'en', '2026-11-23 10:00:00.000000')",
    "INSERT INTO contact_points (id, person_id, channel, address, rank) VALUES ('c', 'p', 'sms', :phone, 0)",
    """
    INSERT INTO messages (id, person_id, contact_point_id, channel, key, "values", attachments, urgency, status,
                          is_solicited, attempts, attempts_elsewhere, queued_at)
    VALUES ('m', 'p', 'c', 'sms', 'k', :answer, :nothing, 0, 'sent', true, 0, 0, '2026-11-23 10:00:00.000000')
    """,
    """
    INSERT INTO inbound (id, channel, vendor_id, sender, recipient, body, "values", received_at, state, due_at,
                         attempts)
    VALUES ('i', 'sms', 'v', :phone, '+447700900999', 'hello', :none, '2026-11-23 10:00:00.000000', 'waiting',
            '2026-11-23 10:00:00.000000', 0)
    """,
)


def let_somebody_in(url: str) -> str:
    """Make a database as it was before, with somebody in it."""
    database = Database(url)
    upgrade(database, "0003")
    with database.begin() as session:
        for statement in BEFORE:
            session.execute(text(statement), VALUES)
    database.close()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield let_somebody_in(f"sqlite:///{tmp_path}/old.db")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create_database()
    yield let_somebody_in(url)
    server.drop_database(url)


def told(database: Database, query: str) -> list[object]:
    with database.read() as session:
        return [value for row in session.execute(text(query)) for value in row]


def test_old_rows_are_found_sealed_and_brought_back(old: str) -> None:
    database = Database(old, ring=RING)
    upgrade(database, "0004")
    assert told(database, "SELECT address, address_digest FROM contact_points") == [PHONE, RING.digest(PHONE)]
    assert told(database, "SELECT sender_digest FROM inbound") == [RING.digest(PHONE)]
    assert [sum(reseal(database, place)) for place in (POINTS, MESSAGES)] == [1, 1]
    (address, values, attachments) = told(
        database, 'SELECT address, "values", attachments FROM contact_points, messages'
    )
    assert [str(value)[: len(RING.head)] for value in (address, values, attachments)] == [RING.head] * 3
    downgrade(database, "0003")
    assert told(database, "SELECT address FROM contact_points") == [PHONE]
    assert told(database, "SELECT count(*) FROM messages WHERE CAST(\"values\" AS text) LIKE '%żółw%'") == [1]
    database.close()


def test_without_keys_old_rows_are_left_alone(old: str) -> None:
    database = Database(old)
    with pytest.raises(ConfigurationError, match="without data keys"):
        upgrade(database, "0004")
    assert told(database, "SELECT address FROM contact_points") == [PHONE]
    assert told(database, "SELECT version_num FROM alembic_version") == ["0003"]
    database.close()
