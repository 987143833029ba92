"""An extract of 50,000 schools and 140 columns taken in, against a bare reader and executemany of the same rows.

The reference reads the file with csv.reader, picks the columns that the hub keeps and writes them with the driver's
executemany into a table of text columns: no checks, no comparison, no report. The hub's import does all of that, from
the file to the rows that the pages show. Each is the best of three, in turns, each into an empty table.
"""

from __future__ import annotations

import csv
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from pydantic import SecretStr
from sqlalchemy import delete

from bench.report import Row, show
from bench.world import World, running_world
from fps.actions.open_data.bulk import table_of
from fps.actions.open_data.hand_in import NewFile, hand_in_file
from fps.actions.open_data.read_file import Reading, read_file
from fps.model.open_data import Source
from fps.model.open_data_imports import ImportState
from fps.queries.open_data_imports import import_card
from fps.rules.open_data.headings import GIAS, SEN
from fps.tables import OpenDataImportRow, PlaceRow, SchoolRow
from hub.migrations import upgrade
from hub.settings import Settings
from hub.wiring import House, open_house

FEW, MANY, COLUMNS, TIMES = 10_000, 50_000, 140, 3
AT_MOST = 3.0
_KEPT = (*GIAS.values(), *SEN)
_NAME = "edubasealldata20241120.csv"
_GROWTH_MB = 8.0


@dataclass(frozen=True)
class _Engine:
    """An engine to be measured: a house on it, and the bare way of filling a table."""

    name: str
    house: House
    bare: Callable[[Path], None]


def write_extract(path: Path, count: int) -> None:
    """Write an invented extract of so many schools."""
    others = [f"Other{number} (name)" for number in range(COLUMNS - len(_KEPT))]
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*_KEPT, *others])
        for number in range(count):
            told = _school(number)
            kept = [told.get(heading, "") for heading in _KEPT]
            writer.writerow([*kept, *("Not applicable" if place % 3 == 0 else "" for place in range(len(others)))])


def _school(number: int) -> Mapping[str, str]:
    day = f"{number % 28 + 1:02}"
    return {
        "URN": str(100_000 + number),
        "UKPRN": str(10_000_000 + number),
        "EstablishmentName": f"Invented school number {number}, at Sömewhere",
        "GSSLACode (name)": "E08000014",
        "LA (code)": "343",
        "LA (name)": "Sefton",
        "EstablishmentNumber": str(1_000 + number % 8_000),
        "TypeOfEstablishment (code)": "10",
        "TypeOfEstablishment (name)": "Other independent special school",
        "EstablishmentStatus (code)": "1",
        "EstablishmentStatus (name)": "Open",
        "OpenDate": f"{day}-09-19{number % 90 + 10}",
        "PhaseOfEducation (name)": "Not applicable",
        "StatutoryLowAge": str(number % 12),
        "StatutoryHighAge": "19",
        "Gender (name)": "Mixed",
        "SchoolCapacity": str(number % 1_900),
        "NumberOfPupils": str(number % 1_800),
        "Street": f"{number % 300} Invented Road",
        "Town": "Bootle",
        "Postcode": f"L{number % 40 + 1} 3AB",
        "Easting": str(330_000 + number % 9_999),
        "Northing": str(390_000 + number % 9_999),
        "SchoolWebsite": f"https://school{number}.example.org",
        "LastChangedDate": f"{day}-10-2026",
        "SEN1 (name)": "ASD - Autistic Spectrum Disorder",
        "SEN2 (name)": "SEMH - Social, Emotional and Mental Health",
    }


def _bare_rows(path: Path) -> Iterator[tuple[str, ...]]:
    with path.open(encoding="cp1252", newline="") as file:
        reader = csv.reader(file)
        heads = next(reader)
        yield from map(itemgetter(*(heads.index(name) for name in _KEPT)), reader)


def _columns() -> str:
    return ", ".join(f"c{number} text" for number in range(len(_KEPT)))


def bare_sqlite(folder: Path) -> Callable[[Path], None]:
    """Return the reference on SQLite, with the same durability as the hub's."""

    def fill(path: Path) -> None:
        held = sqlite3.connect(folder / "bare.db", isolation_level=None)
        held.execute("PRAGMA journal_mode=WAL")
        held.execute("PRAGMA synchronous=FULL")
        held.execute("DROP TABLE IF EXISTS bare")
        held.execute(f"CREATE TABLE bare ({_columns()}, PRIMARY KEY (c0))")
        held.execute("BEGIN IMMEDIATE")
        held.executemany(f"INSERT INTO bare VALUES ({', '.join('?' * len(_KEPT))})", _bare_rows(path))  # noqa: S608 - our own
        held.execute("COMMIT")
        held.close()

    return fill


def bare_postgresql(url: str) -> Callable[[Path], None]:
    """Return the reference on PostgreSQL."""

    def fill(path: Path) -> None:
        with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as held, held.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS bare")
            cursor.execute(f"CREATE TABLE bare ({_columns()}, PRIMARY KEY (c0))".encode())
            marks = ", ".join(["%s"] * len(_KEPT))
            cursor.executemany(f"INSERT INTO bare VALUES ({marks})".encode(), _bare_rows(path))  # noqa: S608 - our own

    return fill


def take_in(house: House, path: Path) -> None:
    """Take an extract in as `hub import gias` does."""
    with house.ground.work() as work:
        new = NewFile(Source.SCHOOLS, path.name, path.stat().st_size, is_forced=True)
        import_id = hand_in_file(work, None, new, is_read_here=True)
    reading = Reading(import_id, Source.SCHOOLS, 1, takes_over=True)
    read_file(house.ground, reading, lambda: path.open("rb"), path.name)
    with house.ground.read() as session:
        card = import_card(session, import_id)
    if card.state is not ImportState.APPLIED:
        raise SystemExit(f"the import {card.state}: {card.faults[:3]}")


def _empty(house: House) -> None:
    with house.ground.work() as work:
        for row in (SchoolRow, PlaceRow, OpenDataImportRow):
            work.session.execute(delete(table_of(row)))


def _open(database_url: str) -> House:
    house = open_house(Settings(secret=SecretStr("a secret for the bench"), database_url=database_url))
    upgrade(house.ground.database)
    return house


def _took_s(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _rows(engine: _Engine, path: Path, count: int) -> list[Row]:
    bare, first, again = [], [], []
    for _ in range(TIMES):
        bare.append(_took_s(lambda: engine.bare(path)))
        _empty(engine.house)
        first.append(_took_s(lambda: take_in(engine.house, path)))
        again.append(_took_s(lambda: take_in(engine.house, path)))
    engine.house.close()
    reference = min(bare)
    wanted = f"at most {AT_MOST:.0f}"
    return [
        Row(f"{engine.name}: csv.reader and executemany, {count:,} rows of {COLUMNS} columns", count / reference, 1.0),
        Row(f"{engine.name}: hub import gias, the first extract", count / min(first), min(first) / reference, wanted),
        Row(f"{engine.name}: hub import gias, the same once more", count / min(again), min(again) / reference, wanted),
    ]


def grown_mb(path: Path, database_url: str) -> float:
    """Return by how much memory's peak grows while an extract is taken in, in a process of its own."""
    command = [sys.executable, "-m", "bench.open_data_memory", str(path), database_url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own program
    return float(done.stdout)


def _memory(name: str, urls: list[str], few: Path, many: Path) -> Row:
    small, large = grown_mb(few, urls[0]), grown_mb(many, urls[1])
    what = f"{name}: peak memory grows by {small:.1f} MB at {FEW:,} rows, by {large:.1f} MB at {MANY:,}"
    if large - small > _GROWTH_MB:
        raise SystemExit(f"{what}: it is not flat")
    return Row(what, 0.0, None, f"no more than {_GROWTH_MB:.0f} MB apart")


def measure(world: World) -> list[Row]:
    """Measure and return the rows, for each engine."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        few, many = folder / "few" / _NAME, folder / "many" / _NAME
        for path, count in ((few, FEW), (many, MANY)):
            path.parent.mkdir()
            write_extract(path, count)
        files = [f"sqlite:///{folder}/{each}.db" for each in ("speed", "few", "many")]
        urls = [world.postgres.create_database() for _ in range(3)]
        found = _rows(_Engine("SQLite", _open(files[0]), bare_sqlite(folder)), many, MANY)
        found += _rows(_Engine("PostgreSQL", _open(urls[0]), bare_postgresql(urls[0])), many, MANY)
        found.append(_memory("SQLite", files[1:], few, many))
        found.append(_memory("PostgreSQL", urls[1:], few, many))
        for url in urls:
            world.postgres.drop_database(url)
    return found


if __name__ == "__main__":
    with running_world() as found_world:
        show("Open data", measure(found_world))
