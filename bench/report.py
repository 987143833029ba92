from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One figure of a bench: what was done, how many a second, its ratio to the reference, and the ratio wanted."""

    what: str
    per_s: float
    ratio: float | None = None
    wanted: str = ""


def show(title: str, rows: Sequence[Row]) -> None:
    """Print a bench's figures as a table."""
    table = Table("work", "a second", "ratio", "wanted", title=title, title_justify="left")
    for row in rows:
        table.add_row(row.what, f"{row.per_s:,.0f}", "" if row.ratio is None else f"{row.ratio:.2f}", row.wanted)
    Console().print(table)
