from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel.clock import FixedClock
from kernel.database import Database
from tests.conftest import MONDAY, ground_on
from tests.referrals.at_once.pressing import Hall, build_hall


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def hall(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """One database for all buttons of a topic: each press begins with a referral of its own."""
    if request.param == "sqlite":
        path: Path = tmp_path_factory.mktemp("at_once") / "hub.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        database = Database(f"sqlite:///{path}")
        yield build_hall(ground_on(database, FixedClock(MONDAY)))
        database.close()
        return
    databases = request.getfixturevalue("postgres_databases")
    url = databases.take()
    database = Database(url)
    yield build_hall(ground_on(database, FixedClock(MONDAY)))
    database.close()
    databases.give_back(url)
