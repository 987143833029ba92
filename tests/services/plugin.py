"""Fixtures for the real servers, and what becomes of browser tests where there is no browser."""

import os
from collections.abc import Iterator
from secrets import token_hex

import pytest
from playwright.sync_api import Browser

from tests.services.browser import browser_reason, running_browser
from tests.services.identity import Issuer, running_issuer
from tests.services.mailbox import Mailbox, running_mailbox
from tests.services.postgres import PostgresServer, running_postgres
from tests.services.valkey import ValkeyServer, running_valkey
from tests.services.vendor import VendorStub, running_vendor


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL for the run (one for each worker), without waiting for the disk."""
    with running_postgres(fsync="off", synchronous_commit="off", full_page_writes="off", autovacuum="off") as server:
        yield server


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[ValkeyServer]:
    """One Valkey for the run (one for each worker); .empty() between tests that use it."""
    with running_valkey() as server:
        yield server


@pytest.fixture(scope="session")
def identity_issuer() -> Iterator[Issuer]:
    """One OpenID Connect issuer for the run (one for each worker); .tell_accounts() says who exists there."""
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture(scope="session")
def _mailbox() -> Iterator[Mailbox]:
    with running_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def mailbox(_mailbox: Mailbox) -> Mailbox:
    """A real SMTP server, empty."""
    _mailbox.reset()
    return _mailbox


@pytest.fixture(scope="session")
def _vendor() -> Iterator[VendorStub]:
    with running_vendor(auth_token=token_hex(16)) as vendor:
        yield vendor


@pytest.fixture
def vendor(_vendor: VendorStub) -> VendorStub:
    """The stub of Twilio and Slack, empty; .auth_token is the one that Twilio's side takes and signs with."""
    _vendor.reset()
    return _vendor


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the run (one for each worker)."""
    with running_browser() as browser:
        yield browser


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker."""
    config.addinivalue_line("markers", "browser: needs Chromium; skipped with a reason without one, failed in CI")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that asks for the browser."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip browser tests where there is no browser; where CI is set, fail them: there one was promised."""
    if item.get_closest_marker("browser") is None:
        return
    reason = browser_reason()
    if reason is None:
        return
    if os.environ.get("CI"):
        pytest.fail(f"no browser: {reason}", pytrace=False)
    pytest.skip(f"no browser: {reason}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one plain line that browser tests were left out, so that nobody takes the run for a whole one."""
    skipped = [report for report in terminalreporter.getreports("skipped") if "browser" in report.keywords]
    reason = browser_reason()
    if skipped and reason is not None:
        terminalreporter.write_line(f"BROWSER TESTS DID NOT RUN: {reason}", red=True, bold=True)
