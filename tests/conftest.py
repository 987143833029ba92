from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kernel.clock import FixedClock
from kernel.database import Base, Database
from kernel.doorbell import NoDoorbell
from kernel.keys import Keys
from kernel.translation import Translations
from kernel.work import Ground
from tests.services.postgres import PostgresServer

pytest_plugins = ["tests.services.plugin"]

ROOT = Path(__file__).resolve().parents[1]
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/hub.db")
        Base.metadata.create_all(database.engine)
        yield database
        database.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create_database()
    database = Database(url)
    Base.metadata.create_all(database.engine)
    yield database
    database.close()
    server.drop_database(url)


@pytest.fixture
def ground(database: Database, clock: FixedClock) -> Ground:
    return Ground(
        database=database,
        clock=clock,
        bell=NoDoorbell(),
        keys=Keys("a secret for tests"),
        base_url="https://hub.example.org",
        translations=Translations(ROOT / "locales"),
    )
