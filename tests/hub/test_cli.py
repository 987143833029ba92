from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from hub.cli import main
from kernel.database import Database


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"HUB_SECRET": "a secret for tests", "HUB_DATABASE_URL": f"sqlite:///{tmp_path}/made/hub.db"}


def hub(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environment)


def test_migrate_makes_the_database_and_audit_verify_finds_it_whole(environment: dict[str, str]) -> None:
    assert hub(environment, "migrate").exit_code == 0
    found = hub(environment, "audit", "verify")
    assert found.exit_code == 0
    assert "holds: 25 lines" in found.output.replace("\n", " ")


def test_audit_verify_names_the_broken_line_and_fails(environment: dict[str, str]) -> None:
    hub(environment, "migrate")
    database = Database(environment["HUB_DATABASE_URL"])
    with database.begin() as session:
        session.execute(text("DROP TRIGGER audit_no_update"))
        session.execute(text("UPDATE audit SET actor = 'somebody' WHERE seq = 7"))
    database.close()
    found = hub(environment, "audit", "verify")
    assert found.exit_code == 1
    assert "broken at line 7" in found.output


def test_migrate_goes_back_to_nothing_and_forward_again(environment: dict[str, str]) -> None:
    for arguments in (["migrate"], ["migrate", "--down", "--to", "base"], ["migrate"]):
        assert hub(environment, *arguments).exit_code == 0


def test_missing_secret_is_told_with_what_to_do(environment: dict[str, str]) -> None:
    found = hub({**environment, "HUB_SECRET": ""}, "audit", "verify")
    assert found.exit_code != 0
    assert "HUB_SECRET" in found.output


def test_wrong_settings_are_named_without_their_values(environment: dict[str, str]) -> None:
    found = hub({**environment, "HUB_PORT": "a secret port"}, "run")
    assert found.exit_code != 0
    assert "HUB_PORT" in found.output
    assert "a secret port" not in found.output


def test_worker_without_redis_says_what_to_do(environment: dict[str, str]) -> None:
    found = hub(environment, "worker")
    assert found.exit_code != 0
    assert "HUB_REDIS_URL" in found.output
