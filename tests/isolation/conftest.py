from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from hub.migrations import upgrade
from hub.serving import open_front
from hub.settings import Settings
from hub.wiring import House, open_house
from kernel.clock import FixedClock
from kernel.database import Database
from tests.conftest import MONDAY
from tests.isolation.browsing import Data
from tests.isolation.walk import Walk, forms_of
from tests.isolation.world import Twins, build
from tests.services.postgres import PostgresServer, database_name
from tools.docs import pages_of


@dataclass(frozen=True)
class Ready:
    """A database with the whole world in it, to be copied, and what its pages ask for."""

    url: str
    twins: Twins
    forms: dict[str, Data]


def house_on(url: str) -> House:
    """Open the hub as in production, with no channel but the web."""
    settings = Settings(secret=SecretStr("a secret for tests"), database_url=url, second_factor=False)
    return open_house(settings, clock=FixedClock(MONDAY))


def _filled(url: str) -> Ready:
    database = Database(url)
    upgrade(database)
    database.close()
    house = house_on(url)
    twins = build(house)
    forms = forms_of(Walk(house, pages_of(open_front(house)), twins, twins.alder))
    house.close()
    return Ready(url, twins, forms)


@pytest.fixture(scope="session")
def sqlite_world(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    return _filled(f"sqlite:///{tmp_path_factory.mktemp('isolation')}/hub.db")


@pytest.fixture(scope="session")
def postgres_world(postgres_server: PostgresServer) -> Ready:
    return _filled(postgres_server.create_database())


@pytest.fixture(params=["sqlite", "postgresql"])
def ready(request: pytest.FixtureRequest) -> Ready:
    found: Ready = request.getfixturevalue("sqlite_world" if request.param == "sqlite" else "postgres_world")
    return found


@pytest.fixture
def house(ready: Ready, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    """A copy of the world."""
    if ready.url.startswith("sqlite"):
        path = tmp_path / "hub.db"
        path.write_bytes(Path(ready.url.removeprefix("sqlite:///")).read_bytes())
        house = house_on(f"sqlite:///{path}")
        yield house
        house.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create_database(database_name(ready.url))
    house = house_on(url)
    yield house
    house.close()
    server.drop_database(url)


@pytest.fixture
def walk(ready: Ready, house: House) -> Walk:
    return Walk(house, pages_of(open_front(house)), ready.twins, ready.twins.alder)
