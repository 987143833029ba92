from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import click

from hub.wiring import House
from kernel.maintenance import close_pages, open_pages


def maintenance_group(open_house: Callable[[], House]) -> click.Group:
    """Return the commands that close and open the pages."""

    @click.group(name="maintenance")
    def group() -> None:
        """Close the pages while the hub is worked on, and open them again."""

    @group.command(name="on")
    @click.option("--minutes", type=click.IntRange(1, 24 * 60), help="Say on the page when it should be over.")
    def turn_on(minutes: int | None) -> None:
        """Answer every page with "not available"; webhooks go on accepting."""
        house = open_house()
        with house.ground.work() as work:
            close_pages(work, work.now + timedelta(minutes=minutes) if minutes else None)
        house.close()
        click.echo("The pages are closed. `hub maintenance off` opens them.")

    @group.command(name="off")
    def turn_off() -> None:
        """Open the pages again."""
        house = open_house()
        with house.ground.work() as work:
            open_pages(work)
        house.close()
        click.echo("The pages are open.")

    return group
