"""A public file from its first byte to its last: what it is, its rows in portions, and all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Protocol

from fps.model.open_data import Source
from fps.rules.open_data.faults import Fault, Faults, UnreadableError
from fps.rules.open_data.gias import STAGED_LINK, STAGED_SCHOOL, LinkReader, NumberedRow, SchoolReader, Value
from fps.rules.open_data.headings import (
    URN,
    WORDS,
    Columns,
    as_at,
    at,
    check_headings,
    columns_of,
    is_heading,
    source_of,
)
from fps.rules.open_data.ofsted import STAGED_JUDGEMENT, JudgementReader
from fps.rules.open_data.text import Open, look_through, rows_of

PORTION = 100
"""Rows read at a time: few enough to stay in the processor's cache, where they take half the time of thousands."""
_TITLE_ROWS = 6
_URN_DIGITS = 6
_URNS = 10**_URN_DIGITS
_KEYS = {Source.LINKS: ("LinkURN", "LinkType"), Source.ADDITIONAL: ("Inspection number",)}
_STAGED = {Source.SCHOOLS: STAGED_SCHOOL, Source.LINKS: STAGED_LINK}
_NEWEST = {Source.SCHOOLS: "changed_on", Source.LINKS: "established_on"}
_ONE_A_SCHOOL = frozenset({Source.SCHOOLS, Source.INDEPENDENT, Source.STATE})


class RowReader(Protocol):
    """Reads the rows of one kind of file."""

    def read(self, rows: Sequence[NumberedRow], faults: Faults) -> list[tuple[Value, ...]]:
        """Return what is kept of rows, noting what is wrong with them."""
        ...


@dataclass(frozen=True)
class Portion:
    """Some rows to be kept, how many rows of the file were read so far, and how many bytes."""

    rows: list[tuple[Value, ...]]
    read_rows: int
    read_bytes: int


def staged_names(source: Source) -> tuple[str, ...]:
    """Return the names of what is kept of a row of a file."""
    return _STAGED.get(source, STAGED_JUDGEMENT)


class OpenFile:
    """A file whose headings were read: which it is, and from when.

    Raises UnreadableError, as its reading may, for a file of which nothing can be made. What is wrong with its headings
    and rows stands in `faults`; a file with any is not to be taken over. To be of a day after `today` is a fault too:
    all that came later would count as older. Of the days in its rows only those up to `today` can be the file's.
    """

    def __init__(self, opens: Open, file_name: str, today: date = date.max) -> None:
        self._opens, self._today = opens, today.isoformat()
        self._written = look_through(opens)
        self.faults = Faults()
        with opens() as file:
            first = list(islice(rows_of(file, self._written.encoding), _TITLE_ROWS))
        self._heading = next((place for place, (_, row) in enumerate(first) if is_heading(row)), 0)
        self._columns = columns_of(first[self._heading][1] if first else ())
        self.source = _recognised(self._columns)
        titles = [cell for _, row in first[: self._heading] for cell in row]
        self.as_at = as_at((file_name, *titles))
        if self.as_at is not None and self.as_at > today:
            self.faults.add(Fault(0, "", _not_yet(self.as_at)))
        check_headings(self.source, self._columns, self.faults, first[self._heading][0])
        self._newest = ""

    @property
    def size(self) -> int:
        """Return how many bytes the file has."""
        return self._written.size

    def portions(self, size: int = PORTION) -> Iterator[Portion]:
        """Return the rows of the file, so many of its lines at a time."""
        if self.faults.count:
            return
        reader, seen, count = _reader(self.source, self._columns), _Seen(self.source, self._columns), 0
        with self._opens() as file:
            rows = islice(rows_of(file, self._written.encoding), self._heading + 1, None)
            for good, read in self._good(rows, size):
                count += read
                fresh = seen.only_new(good, self.faults)
                kept = reader.read(fresh, self.faults) if fresh else []
                self._note_newest(kept)
                yield Portion(kept, count, self._written.size if file.closed else file.tell())
        self._close(count)

    def _good(self, rows: Iterator[NumberedRow], size: int) -> Iterator[tuple[list[NumberedRow], int]]:
        """Return portions of the rows that have as many cells as there are headings, and how many rows were read."""
        width = len(self._columns.names)
        short: list[Fault] = []
        while portion := list(islice(rows, size)):
            for fault in short:
                self.faults.add(fault)
            whole = [numbered for numbered in portion if len(numbered[1]) == width]
            short = [_short(*numbered, width) for numbered in portion if len(numbered[1]) != width]
            last = portion[-1][0]
            yield whole, len(portion)
        for fault in short:
            ending = "The file ends within this line. " if fault.line == last else ""
            self.faults.add(Fault(fault.line, "", f"{ending}{fault.text}"))

    def _note_newest(self, rows: list[tuple[Value, ...]]) -> None:
        place = staged_names(self.source).index(_NEWEST.get(self.source, "published_on"))
        days = (str(day) for row in rows if (day := row[place]))
        newest = max((day for day in days if day <= self._today), default="")
        self._newest = max(self._newest, newest)

    def _close(self, count: int) -> None:
        if not count:
            self.faults.add(Fault(0, "", "There is nothing below the headings. Download the file again."))
        if self.as_at is None and self._newest:
            self.as_at = date.fromisoformat(self._newest)


def _not_yet(day: date) -> str:
    return (
        f"The file says that it is of {day.day} {day:%B %Y}, a day to come. Check the date in its name or its first "
        "line, or download the file again and leave its name as it is."
    )


def _short(line: int, row: Sequence[str], width: int) -> Fault:
    text = f"There are {len(row)} values where the headings are {width}. Download the file again."
    return Fault(line, "", text)


class _Seen:
    """Keeps the rows whose key comes for the first time. URNs have six digits: a byte each is enough for all."""

    def __init__(self, source: Source, columns: Columns) -> None:
        self._is_link = source is Source.LINKS
        self._urns = bytearray(_URNS) if source in _ONE_A_SCHOOL else None
        self._keys: set[tuple[str, ...]] = set()
        self._places = [at(columns, heading) for heading in (URN, *_KEYS.get(source, ()))]

    def only_new(self, rows: list[NumberedRow], faults: Faults) -> list[NumberedRow]:
        """Return the rows that are new. A school that stands there twice is a fault; a link is the same link."""
        is_new = self._is_new_key if self._urns is None else self._is_new_urn
        fresh = [numbered for numbered in rows if is_new(numbered[1])]
        if len(fresh) < len(rows) and not self._is_link:
            new = {line for line, _ in fresh}
            for line, row in rows:
                if line not in new:
                    urn = row[self._places[0]].strip()
                    faults.add(Fault(line, URN, f"{urn} stands there a second time. Download the file again."))
        return fresh

    def _is_new_key(self, row: list[str]) -> bool:
        key = tuple(row[place].strip() for place in self._places)
        is_new = key not in self._keys
        self._keys.add(key)
        return is_new

    def _is_new_urn(self, row: list[str]) -> bool:
        urn = row[self._places[0]].strip()
        if self._urns is None or len(urn) != _URN_DIGITS or not (urn.isascii() and urn.isdigit()):
            return True  # whatever it is, its reader says that it is no URN
        number = int(urn)
        is_new = not self._urns[number]
        self._urns[number] = 1
        return is_new


def _reader(source: Source, columns: Columns) -> RowReader:
    if source is Source.SCHOOLS:
        return SchoolReader(columns)
    if source is Source.LINKS:
        return LinkReader(columns)
    return JudgementReader(source, columns)


def _recognised(columns: Columns) -> Source:
    source = source_of(columns)
    if source is None:
        known = "; ".join(WORDS.values())
        found = ", ".join(f"“{' '.join(name.split())[:40]}”" for name in columns.names[:6])
        text = (
            f"This is none of the files that are taken here. Its headings are {found or 'missing'}. Taken are: {known}."
        )
        raise UnreadableError(text, 1)
    return source
