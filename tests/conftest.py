from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.migrations import upgrade
from kernel.clock import FixedClock
from kernel.database import Database
from kernel.doorbell import NoDoorbell
from kernel.keys import Keys
from kernel.translation import Translations
from kernel.work import Ground
from tests.services.apps import share_what_is_compiled
from tests.services.postgres import PostgresServer, database_name
from tests.services.recycled import Recycled

pytest_plugins = ["tests.services.plugin"]
share_what_is_compiled()

ROOT = Path(__file__).resolve().parents[1]
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


def _prepare(url: str) -> None:
    database = Database(url)
    upgrade(database)
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the schema and nothing in it, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "hub.db"
    _prepare(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: PostgresServer) -> Recycled:
    """Databases with the schema and nothing in it, one for each test."""
    url = postgres_server.create_database()
    _prepare(url)
    return Recycled(postgres_server, database_name(url))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "hub.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def postgres_database(postgres_databases: Recycled) -> Iterator[Database]:
    url = postgres_databases.take()
    database = Database(url)
    yield database
    database.close()
    postgres_databases.give_back(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    name = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    database: Database = request.getfixturevalue(name)
    return database


def ground_on(database: Database, clock: FixedClock) -> Ground:
    return Ground(
        database=database,
        clock=clock,
        bell=NoDoorbell(),
        keys=Keys("a secret for tests"),
        base_url="https://hub.example.org",
        translations=Translations(ROOT / "locales"),
    )


@pytest.fixture
def ground(database: Database, clock: FixedClock) -> Ground:
    return ground_on(database, clock)
