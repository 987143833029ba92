"""Revision 0010 keeps what a North West database holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from fps import northwest
from fps.model import DocumentKind, SettingKind
from fps.queries.frameworks import framework, lots
from hub.migrations import downgrade, upgrade
from kernel.database import Database
from tests.services.postgres import PostgresServer

_ROWS = (
    "INSERT INTO organisations (id, kind, name) VALUES ('lead', 'council', 'Leadshire')",
    """INSERT INTO fps_frameworks (id, name, regime, lead_id, starts_on, ends_on, terms) VALUES
        ('nw', 'North West', 'pcr_light_touch', 'lead', '2021-02-22', '2030-02-28', '{}')""",
    *(
        "INSERT INTO fps_lots (id, framework_id, number, name, required_documents)"  # noqa: S608 - figures of the test
        f" VALUES ('lot{number}', 'nw', {number}, 'Lot of old', '[\"insurance\", \"policies\"]')"
        for number in range(1, 8)
    ),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database as it was before this revision, with seven lots."""
    server: PostgresServer | None = None
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/old.db"
    else:
        server = request.getfixturevalue("postgres_server")
        url = server.create_database()
    database = Database(url)
    upgrade(database, "0009")
    with database.begin() as session:
        for row in _ROWS:
            session.execute(text(row))
    yield database
    database.close()
    if server is not None:
        server.drop_database(url)


def test_the_seven_lots_are_there_since_their_framework_began_and_ask_for_the_same(old: Database) -> None:
    upgrade(old)
    with old.read() as session:
        assert framework(session, "nw").edition == 1
        found = lots(session, ["nw"], northwest.STARTS_ON)
    assert [lot.number for lot in found] == [1, 2, 3, 4, 5, 6, 7]
    for lot in found:
        assert (lot.since, lot.until) == (date(2021, 2, 22), None)
        assert set(lot.required_documents) == {DocumentKind.INSURANCE, DocumentKind.POLICIES}
        assert lot.kinds == tuple(SettingKind), "no lot refused a kind up to now"


def test_the_way_back_keeps_the_lots_and_what_they_ask_for(old: Database) -> None:
    upgrade(old, "0010")
    downgrade(old, "0009")
    with old.read() as session:
        kept = session.execute(text("SELECT count(*), min(required_documents ->> 0) FROM fps_lots")).one()
    assert tuple(kept) == (7, "insurance")
