"""The large crash test: `python -m tests.crash --minutes 30`, or `make crash`. Exits with 1 if a promise was broken."""

from __future__ import annotations

import random
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from hub.migrations import upgrade
from kernel.database import Database
from kernel.doorbell import NoDoorbell
from tests.crash.account import AUTH_TOKEN
from tests.crash.fleet import REPOSITORY
from tests.crash.naive import naive_part
from tests.crash.stages import Combination, open_stage
from tests.crash.storm import kill
from tests.crash.trial import Report, Scale, Stage, run_trial
from tests.services.postgres import PostgresServer, running_postgres
from tests.services.valkey import ValkeyServer, running_valkey
from tests.services.vendor import running_vendor

console = Console(width=None if sys.stdout.isatty() else 120)

_KEPT = REPOSITORY / "var" / "crash"
_NAIVE = Scale(readers=20, per_s=60, phones=0, longest_pause_s=1.5, calm_s=20)
_SHOWN = 60


@dataclass(frozen=True)
class Servers:
    """The real servers on which all trials of a run play, each in a database of its own."""

    postgres: PostgresServer
    valkey: ValkeyServer


def combinations(engine: str, database: str, machines: int) -> Iterator[Combination]:
    """Name what is to be tried: each engine on each database that it is for, without and with callbacks."""
    for on_engine, on_database in (("embedded", "sqlite"), ("embedded", "postgresql"), ("queued", "postgresql")):
        if engine in ("both", on_engine) and database in ("both", on_database):
            several = machines if on_engine == "queued" else 1
            for calls_back in (False, True):
                yield Combination(on_engine, on_database, calls_back=calls_back, machines=several)


def try_naive(folder: Path, seed: int) -> Report:
    """See the judge catch a worker that sends first and records afterwards."""
    folder.mkdir(parents=True)
    database = Database(f"sqlite:///{folder}/hub.db")
    upgrade(database)
    with running_vendor(AUTH_TOKEN) as vendor:
        vendor.be_slow(20)
        part = naive_part(database, vendor, "after", folder)
        stage = Stage(database, vendor, NoDoorbell(), "http://127.0.0.1:1", [part], [kill(part)] * 8)
        report = run_trial(stage, _NAIVE, seed, folder / "evidence")
    database.close()
    return report


def try_product(what: Combination, servers: Servers, scale: Scale, seed: int, folder: Path) -> Report:
    """Let the storm loose on one combination; what it wrote stays in `folder` if there is a finding."""
    folder.mkdir(parents=True)
    on_sqlite = what.database == "sqlite"
    url = f"sqlite:///{folder}/hub.db" if on_sqlite else servers.postgres.create_database()
    redis_url = servers.valkey.url if what.engine == "queued" else None
    with open_stage(what, url, redis_url, folder) as stage:
        report = run_trial(stage, scale, seed, folder / "evidence")
    if not on_sqlite:
        servers.postgres.drop_database(url)
    if not report.findings:
        shutil.rmtree(folder)
    return report


def show(rows: Sequence[tuple[Combination, Report]]) -> None:
    """Print one line a trial, then its blows and findings."""
    table = Table(title="The crash test")
    for name in ("engine", "database", "callbacks"):
        table.add_column(name)
    for name in ("blows", "messages", "texts", "posted", "taken", "calm after", "findings"):
        table.add_column(name, justify="right")
    for what, report in rows:
        found = f"[red]{len(report.findings)}[/red]" if report.findings else "[green]none[/green]"
        counts = (report.struck.total(), report.messages, report.texts, report.tries, report.taken)
        calls_back = "with" if what.calls_back else "without"
        table.add_row(what.engine, what.database, calls_back, *map(str, counts), f"{report.calm_s:.1f} s", found)
    console.print(table)
    for what, report in rows:
        blows = ", ".join(f"{blow} {count}" for blow, count in sorted(report.struck.items()))
        console.print(f"{what}: {blows}; last to settle: {report.came_last or 'nothing'}")
        if report.outlived:
            console.print(f"  [red]{report.outlived} processes outlived their parent[/red]")
        for finding in report.findings[:_SHOWN]:
            console.print(f"  [red]{finding.fault}[/red]: {finding.what}")


@click.command()
@click.option("--minutes", default=30.0, show_default=True, help="How long the storms go on, all together.")
@click.option("--engine", type=click.Choice(["embedded", "queued", "both"]), default="both", show_default=True)
@click.option("--database", type=click.Choice(["sqlite", "postgresql", "both"]), default="both", show_default=True)
@click.option("--machines", default=2, show_default=True, help="How many `hub worker` the queued engine has.")
@click.option("--seed", type=int, help="The dice; without it other ones each time.")
def main(minutes: float, engine: str, database: str, machines: int, seed: int | None) -> None:
    """Kill the product's processes at random moments and judge what is left."""
    drawn = random.SystemRandom().randrange(10_000) if seed is None else seed
    what_to_try = list(combinations(engine, database, machines))
    if not what_to_try:
        raise click.UsageError("The queued engine is for PostgreSQL.")
    scale = Scale(storm_s=minutes * 60 / len(what_to_try), longest_pause_s=2)
    folder = _KEPT / f"{time.strftime('%Y-%m-%d-%H%M%S')}-{drawn}"
    console.print(f"Seed {drawn}; a trial lasts {scale.storm_s:.0f} s; whatever is kept lies in {folder}")
    naive = try_naive(folder / "naive", drawn)
    if not naive.findings:
        console.print("[red]A naive worker was not caught: this run would prove nothing.[/red]")
        sys.exit(2)
    console.print(f"A naive worker was caught: {len(naive.findings)} findings.")
    shutil.rmtree(folder / "naive")
    rows: list[tuple[Combination, Report]] = []
    with ExitStack() as running:
        servers = Servers(running.enter_context(running_postgres()), running.enter_context(running_valkey()))
        for number, what in enumerate(what_to_try):
            with console.status(f"Storm over {what}"):
                rows.append((what, try_product(what, servers, scale, drawn, folder / str(number))))
    show(rows)
    sys.exit(any(report.findings or report.outlived for _, report in rows))


if __name__ == "__main__":
    main()
