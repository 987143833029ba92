from __future__ import annotations

from collections.abc import Callable

import click

from hub.actions.run_retention import run_retention
from hub.retention import periods
from hub.wiring import House


def retention_command(open_house: Callable[[], House]) -> click.Command:
    """Return the command that carries the retention schedule out."""

    @click.command()
    @click.option("--dry-run", is_flag=True, help="Only count what would go.")
    def retention(*, dry_run: bool) -> None:
        """Let go what the retention schedule no longer keeps; the timetable does it each night."""
        house = open_house()
        try:
            counts = run_retention(house.ground, periods(house.settings.keep_months), is_dry=dry_run)
        finally:
            house.close()
        for key, count in counts.items():
            click.echo(f"{key}: {count}")

    return retention
