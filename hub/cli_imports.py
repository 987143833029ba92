from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from fps.actions.open_data.hand_in import NewFile, hand_in_file
from fps.actions.open_data.read_file import LostError, Reading, read_file
from fps.model.open_data import Source
from fps.model.open_data_imports import ImportCard, ImportState
from fps.queries.open_data_imports import changes_of, import_card
from fps.rules.open_data.changes import change_in_words
from fps.rules.open_data.faults import UnreadableError
from fps.rules.open_data.headings import WORDS
from fps.rules.open_data.reading import OpenFile, Portion
from hub.wiring import House

console = Console()

_OFSTED = frozenset({Source.INDEPENDENT, Source.ADDITIONAL, Source.STATE})
_SHOWN = 20
_FORCE = "Take it although it is older than the last one or lacks much of it."
_LOST = (
    "Another import of this kind of file has begun, or this one was ended in the hub meanwhile. Nothing of {name} was "
    "written. Look at Open data in the hub, or run the command again."
)
_File = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class _How:
    is_dry: bool
    is_forced: bool


def import_group(open_house: Callable[[], House]) -> click.Group:
    """Return the commands that take public files in."""

    @click.group(name="import")
    def group() -> None:
        """Take in open data: schools from GIAS, judgements from Ofsted."""

    @group.command()
    @click.argument("file", type=_File)
    @click.option("--links", type=_File, help="The separate file of predecessors and successors.")
    @click.option("--dry-run", "is_dry", is_flag=True, help="Only say what would change.")
    @click.option("--force", "is_forced", is_flag=True, help=_FORCE)
    def gias(file: Path, links: Path | None, *, is_dry: bool, is_forced: bool) -> None:
        """Take in an extract of Get Information about Schools (all establishments, CSV)."""
        files = [(file, frozenset({Source.SCHOOLS, Source.LINKS}))]
        files += [(links, frozenset({Source.LINKS}))] if links else []
        _import(open_house(), files, _How(is_dry, is_forced))

    @group.command()
    @click.argument("file", type=_File)
    @click.option("--dry-run", "is_dry", is_flag=True, help="Only say what would change.")
    @click.option("--force", "is_forced", is_flag=True, help=_FORCE)
    def ofsted(file: Path, *, is_dry: bool, is_forced: bool) -> None:
        """Take in a file of Ofsted's management information (independent, additional or state-funded, CSV)."""
        _import(open_house(), [(file, _OFSTED)], _How(is_dry, is_forced))

    return group


def _import(house: House, files: list[tuple[Path, frozenset[Source]]], how: _How) -> None:
    try:
        sources = [_source(path, wanted) for path, wanted in files]
        cards = [_one(house, path, source, how) for (path, _), source in zip(files, sources, strict=True)]
    finally:
        house.close()
    if any(card.state is ImportState.FAILED for card in cards):
        sys.exit(1)


def _source(path: Path, wanted: frozenset[Source]) -> Source:
    """Say which file it is, before anything is written; ends with 1 for one that this command does not take."""
    try:
        source = OpenFile(lambda: path.open("rb"), path.name).source
    except UnreadableError as error:
        raise click.ClickException(f"{path.name}: {error.fault}") from error
    if source not in wanted:
        taken = "; ".join(WORDS[each] for each in Source if each in wanted)
        raise click.ClickException(f"{path.name} is this file: {WORDS[source]}. This command takes: {taken}.")
    return source


def _one(house: House, path: Path, source: Source, how: _How) -> ImportCard:
    size = path.stat().st_size
    with house.ground.work() as work:
        new = NewFile(source, path.name, size, how.is_forced)
        import_id = hand_in_file(work, None, new, is_read_here=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(WORDS[source], total=size)

        def tell(portion: Portion) -> None:
            progress.update(task, completed=portion.read_bytes, description=f"{portion.read_rows:,} rows")

        reading = Reading(import_id, source, 1, takes_over=not how.is_dry)
        try:
            read_file(house.ground, reading, lambda: path.open("rb"), path.name, tell)
        except LostError as error:
            raise click.ClickException(_LOST.format(name=path.name)) from error
    with house.ground.read() as session:
        card = import_card(session, import_id)
        lines, total = changes_of(session, import_id, is_register=True, limit=_SHOWN)
    _show(card, how)
    for line in lines:
        told = "; ".join(change_in_words(*detail) for detail in line.details)
        console.print(f"On the register: {line.name} ({line.urn}) {line.what.value}. {told}", markup=False)
    if total > len(lines):
        console.print(f"And {total - len(lines):,} more of settings on the register: see Open data in the hub.")
    return card


def _show(card: ImportCard, how: _How) -> None:
    for fault in card.faults:
        console.print(fault, style="red", markup=False)
    if card.state is ImportState.FAILED:
        console.print("Nothing was written.")
        return
    for note in card.notes:
        console.print(note, style="yellow", markup=False)
    of = f", as at {card.as_at.day} {card.as_at:%B %Y}" if card.as_at else ""
    console.print(f"{WORDS[card.source]}{of}: {'this would change' if how.is_dry else 'taken over'}.", markup=False)
    table = Table("What", "How many")
    for what, count in card.counts.items():
        table.add_row(what, f"{count:,}")
    console.print(table)
