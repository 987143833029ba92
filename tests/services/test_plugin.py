import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.browser import browser_reason

REPOSITORY = Path(__file__).parents[2]
BROWSER_TEST = "def test_page(browser):\n    browser.new_page().goto('data:text/html,<p>Hello')\n"
SERVER_TESTS = """
import redis, sqlalchemy

def test_servers(postgres_server, valkey_server, mailbox, vendor):
    engine = sqlalchemy.create_engine(postgres_server.create_database())
    with engine.begin() as connection:
        assert connection.execute(sqlalchemy.text("SELECT 1")).scalar() == 1
    engine.dispose()
    with redis.from_url(valkey_server.url) as client:
        assert client.ping()
    assert mailbox.messages == []
    assert vendor.counts().accepted == 0
    vendor.fail_next(5)

def test_each_test_finds_the_vendor_as_new(vendor):
    assert vendor.auth_token
    assert vendor.counts().requests == {}
"""


def run(tests: Path, content: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (tests / "test_given.py").write_text(content)
    plain = {name: value for name, value in os.environ.items() if name not in ("CI", "CHROMIUM_PATH")}
    command = [sys.executable, "-m", "pytest", "-p", "tests.services.plugin", "-W", "error", *options, str(tests)]
    return subprocess.run(  # noqa: S603 -- this interpreter on a test written here
        command, cwd=REPOSITORY, env=plain | environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_without_a_browser_its_tests_are_skipped_and_counted_aloud(tmp_path: Path, options: tuple[str, ...]) -> None:
    ended = run(tmp_path, BROWSER_TEST, *options, PATH=str(tmp_path))
    assert "BROWSER TESTS DID NOT RUN: none of chromium" in ended.stdout
    assert "1 skipped" in ended.stdout
    assert ended.returncode == 0


def test_without_a_browser_ci_fails(tmp_path: Path) -> None:
    ended = run(tmp_path, BROWSER_TEST, PATH=str(tmp_path), CI="true")
    assert "no browser: none of chromium" in ended.stdout
    assert ended.returncode == 1


@pytest.mark.skipif(browser_reason() is not None, reason=f"no browser: {browser_reason()}")
def test_with_a_browser_its_tests_run(tmp_path: Path) -> None:
    ended = run(tmp_path, BROWSER_TEST)
    assert "1 passed" in ended.stdout
    assert "DID NOT RUN" not in ended.stdout


def test_the_servers_are_there(tmp_path: Path) -> None:
    ended = run(tmp_path, SERVER_TESTS)
    assert "2 passed" in ended.stdout, ended.stdout
