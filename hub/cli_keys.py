from __future__ import annotations

from collections.abc import Callable

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from hub.wiring import House
from kernel.errors import HubError
from kernel.resealing import PLAIN, count_by_key, reseal, sealed_tables
from people.jobs import renew_all_links
from referrals.actions.keep_response_keys import keep_response_keys

console = Console()


def keys_group(open_house: Callable[[], House]) -> click.Group:
    """Return the commands that look after the keys."""

    @click.group(name="keys")
    def group() -> None:
        """Look after the keys under which addresses and texts are sealed."""

    @group.command()
    def status() -> None:
        """Say how many values are under which key; exits with 1 while some are not under the newest."""
        house = open_house()
        try:
            is_done = _show(house)
        finally:
            house.close()
        raise SystemExit(0 if is_done else 1)

    @group.command()
    def rotate() -> None:
        """Seal everything under the newest key, while the hub runs; can be stopped and begun again at any time."""
        house = open_house()
        try:
            _rotate(house)
            is_done = _show(house)
        except HubError as error:
            raise click.ClickException(str(error)) from error
        finally:
            house.close()
        raise SystemExit(0 if is_done else 1)

    return group


def _show(house: House) -> bool:
    names = house.ground.database.ring.names
    found = count_by_key(house.ground.database)
    seen = sorted({key for counts in found.values() for key in counts} - {*names, PLAIN})
    titles = [f"{names[0]} (newest)", *names[1:], *(f"{name} (not set)" for name in seen), PLAIN]
    table = Table("sealed column", *titles, title="Values by key", title_justify="left")
    for place, counts in sorted(found.items()):
        if counts:
            table.add_row(place, *(f"{counts[key]:,}" for key in (*names, *seen, PLAIN)))
    console.print(table)
    left = sum(sum(counts.values()) - counts[names[0]] for counts in found.values())
    said = f"{left:,} values are not: run `hub keys rotate`." if left else "Everything is under the newest key."
    console.print(said)
    return not left


def _rotate(house: House) -> None:
    """Renew links and keys of responses first: without them some messages and answers could not be opened later."""
    ground = house.ground
    renew_all_links(ground, ground.clock.now())
    given = 1
    while given:
        with ground.work() as work:
            given = keep_response_keys(work)
    places = sealed_tables()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        found, newest = count_by_key(ground.database), ground.database.ring.names[0]
        for place in places:
            counts = [found[f"{place.name}.{name}"] for name in place.columns]
            stale = max(sum(each.values()) - each[newest] for each in counts)
            task = progress.add_task(place.name, total=stale)
            for count in reseal(ground.database, place):
                progress.advance(task, count)
