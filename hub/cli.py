from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click
from prometheus_client import start_http_server
from pydantic import SecretStr, ValidationError
from rich.console import Console
from rich.status import Status
from rich.table import Table
from sqlalchemy.exc import OperationalError, ProgrammingError

from channels.findings import State
from hub.cli_imports import import_group
from hub.cli_keys import keys_group
from hub.cli_maintenance import maintenance_group
from hub.cli_referral import referral_group
from hub.cli_retention import retention_command
from hub.cli_second_factor import second_factor_group
from hub.demo.seed import seed_demo
from hub.doctor import examine, is_well
from hub.engine.embedded import EmbeddedWorker
from hub.engine.queued import Crews, serve
from hub.keyring import check_names
from hub.logs import prepare_logs
from hub.migrations import downgrade, upgrade
from hub.serving import serve_web
from hub.settings import Settings, read_settings
from hub.wiring import House, open_house
from kernel import audit
from kernel.clock import Clock, ShiftedClock, SystemClock
from kernel.doorbell import LocalDoorbell
from kernel.errors import ConfigurationError
from people.actions.register_councils import register_councils

console = Console()

_VAR = Path("var")
_COLOURS = {State.GOOD: "green", State.WARNING: "yellow", State.BAD: "red"}


@click.group()
def main() -> None:
    """Run the Co-production Hub."""


def _settings() -> Settings:
    directory = Path(os.environ["HUB_SECRETS_DIR"]) if os.environ.get("HUB_SECRETS_DIR") else None
    try:
        check_names(os.environ, directory)
        settings = read_settings(directory)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error
    except ValidationError as error:
        names = ", ".join("HUB_" + str(fault["loc"][0]).upper() for fault in error.errors())
        raise click.ClickException(f"Check these settings: {names}. docs/settings.md lists them all.") from error
    prepare_logs(settings.log_level)
    return settings


def _open(settings: Settings, clock: Clock | None = None) -> House:
    _make_room(settings.database_url)
    try:
        house = open_house(settings, clock=clock)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error
    return house


def _make_room(database_url: str) -> None:
    if database_url.startswith("sqlite:///"):
        Path(database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)


def _prepare(house: House) -> None:
    upgrade(house.ground.database)
    with house.ground.work() as work:
        register_councils(work)


def _run_embedded(house: House) -> None:
    bell = house.ground.bell
    if not isinstance(bell, LocalDoorbell):
        raise click.ClickException("With HUB_REDIS_URL, start `hub web` and `hub worker` instead.")
    worker = EmbeddedWorker(house.hands(), bell, house.settings.sweep_s)
    worker.start()
    try:
        serve_web(house)
    finally:
        worker.stop()
        house.close()


@main.command()
def demo() -> None:
    """Try the hub with invented people: sandbox channels, a page to answer from, a clock that can be moved."""
    settings = _settings().model_copy(update={"sandbox": True})
    if "HUB_SECOND_FACTOR" not in os.environ:
        settings = settings.model_copy(update={"second_factor": False})
    if "HUB_DATABASE_URL" not in os.environ:
        settings = settings.model_copy(update={"database_url": f"sqlite:///{_VAR}/demo.db"})
    if settings.secret is None:
        settings = settings.model_copy(update={"secret": SecretStr(_demo_secret())})
    house = _open(settings, ShiftedClock(SystemClock()))
    with Status("Preparing the demo", console=console):
        _prepare(house)
        with house.ground.work() as work:
            seed_demo(work)
    click.echo(f"The demo is at {settings.base_url} and its phones at {settings.base_url}/sandbox")
    click.echo("Press Ctrl+C to stop it.")
    _run_embedded(house)


def _demo_secret() -> str:
    """Return the demo's own secret, made at its first start."""
    path = _VAR / "demo.secret"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(secrets.token_urlsafe(32))
        path.chmod(0o600)
    return path.read_text()


@main.command()
def run() -> None:
    """Run web and worker in this one process, on the embedded default."""
    house = _open(_settings())
    _prepare(house)
    click.echo(f"The hub is at {house.settings.base_url}")
    _run_embedded(house)


@main.command()
def web() -> None:
    """Run the web server alone; `hub worker` does the work."""
    house = _open(_settings())
    try:
        serve_web(house)
    finally:
        house.close()


@main.command()
@click.option("--bells", multiple=True, help="Only these bells, in one process; by default all, in several.")
def worker(bells: tuple[str, ...]) -> None:
    """Run workers that hear their bells through Redis or Valkey."""
    settings = _settings()
    if settings.redis_url is None:
        raise click.ClickException("Set HUB_REDIS_URL, or use `hub run`, which needs none.")
    if bells:
        _work(settings, bells, 0)
    else:
        house = _open(settings)
        crews = house.crews()
        house.close()
        Crews([partial(_work, settings, crew, number) for number, crew in enumerate(crews)]).run()


def _work(settings: Settings, bells: Sequence[str], number: int) -> None:
    """Answer these bells, as the `number`th worker process of this machine."""
    house = _open(settings)
    hands = [hand for hand in house.hands() if hand.bell in bells]
    if not hands or house.redis is None:
        raise click.ClickException(f"There is no bell called {', '.join(bells)}.")
    if settings.worker_metrics_port is not None:
        start_http_server(settings.worker_metrics_port + number, addr=settings.host, registry=house.metrics)
    try:
        serve(hands, house.redis, settings.sweep_s)
    finally:
        house.close()


@main.command()
@click.option("--to", "revision", default="head", show_default=True, help="The revision to go to.")
@click.option("--down", is_flag=True, help="Go back to an older revision; base takes everything away.")
def migrate(revision: str, *, down: bool) -> None:
    """Bring the database's schema to a revision, and register the councils."""
    house = _open(_settings())
    if down:
        downgrade(house.ground.database, revision)
    else:
        upgrade(house.ground.database, revision)
        with house.ground.work() as work:
            register_councils(work)
    house.close()


@main.command()
def doctor() -> None:
    """Look at the hub and at each channel through its vendor; exits with 1 if something does not work."""
    house = _open(_settings())
    try:
        with Status("Asking every service", console=console):
            sections = examine(house)
    finally:
        house.close()
    for section in sections:
        table = Table("What", "How it is", "What to do", title=section.title, title_justify="left", expand=True)
        for finding in section.findings:
            table.add_row(finding.title, f"[{_COLOURS[finding.state]}]{finding.state}[/]", finding.text)
        console.print(table)
    if not is_well(sections):
        sys.exit(1)


@main.group(name="audit")
def audit_group() -> None:
    """Look after the audit log."""


@audit_group.command()
@click.option("--head", help="The head that an earlier check printed: finds a log that was cut at its end.")
def verify(head: str | None) -> None:
    """Walk the audit log's chain and say whether it holds; exits with 1 if it does not."""
    house = _open(_settings())
    try:
        with house.ground.read() as session, Status("Checking the chain", console=console):
            verdict = audit.verify(session, expected_head=head)
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(
            "The audit log cannot be read. Is this the right database? Run `hub migrate`."
        ) from error
    finally:
        house.close()
    if verdict.broken_at is not None:
        console.print(f"[red]The audit log is broken at line {verdict.broken_at}:[/red] {verdict.reason}.")
        sys.exit(1)
    console.print(f"The audit log holds: {verdict.entries} lines. Its head is {verdict.head}")


main.add_command(maintenance_group(lambda: _open(_settings())))
main.add_command(keys_group(lambda: _open(_settings())))
main.add_command(retention_command(lambda: _open(_settings())))
main.add_command(second_factor_group(lambda: _open(_settings())))
main.add_command(referral_group(lambda: _open(_settings())))
main.add_command(import_group(lambda: _open(_settings())))
