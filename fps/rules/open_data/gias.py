"""The extract of Get Information about Schools (GIAS) and its file of links, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter

from fps.rules.open_data import cells
from fps.rules.open_data.faults import Fault, Faults
from fps.rules.open_data.headings import GIAS, LINKS, SEN, Columns, at
from fps.rules.places import postcode_district

Value = str | int | None
NumberedRow = tuple[int, list[str]]
"""A row with the line in which it ends."""
STAGED_SCHOOL = (*GIAS, "sen", "district")
"""The names of what `read_school` returns, in order."""
STAGED_LINK = tuple(LINKS)

_SCHOOL_CELLS: Mapping[str, cells.Parse] = {
    "urn": cells.urn,
    "ukprn": cells.ukprn,
    "la_gss": cells.code(9),
    "la_code": cells.code(3),
    "previous_la_code": cells.code(3),
    "number": cells.code(4),
    "type_code": cells.code(3),
    "status_code": cells.code(3),
    "postcode": cells.code(8),
    "district_code": cells.code(9),
    "opened_on": cells.gias_day,
    "closed_on": cells.gias_day,
    "changed_on": cells.gias_day,
    "age_from": cells.age,
    "age_to": cells.age,
    "capacity": cells.number,
    "pupils": cells.number,
    "easting": cells.grid,
    "northing": cells.grid,
}
_LINK_CELLS: Mapping[str, cells.Parse] = {
    "urn": cells.urn,
    "link_urn": cells.urn,
    "link_type": cells.code(100),
    "established_on": cells.gias_day,
}
_NO_NEEDS = frozenset({"", "not applicable", "none"})


class _Reader:
    """Picks the columns that are kept and reads those that are more than words."""

    def __init__(self, kept: Mapping[str, str], parses: Mapping[str, cells.Parse], columns: Columns) -> None:
        self._pick = itemgetter(*(at(columns, heading) for heading in kept.values()))
        names = list(kept)
        self._checks = [(names.index(name), kept[name], parse) for name, parse in parses.items()]

    def read(self, rows: Sequence[NumberedRow], faults: Faults) -> list[list[Value]]:
        """Return what is kept of rows, column by column; nothing after noting what is wrong with them.

        Column by column it is three times as fast as row by row, which only finds the place of a fault.
        """
        columns: list[list[Value]] = [list(map(str.strip, column)) for column in zip(*self._picked(rows), strict=True)]
        try:
            for place, _, parse in self._checks:
                columns[place] = list(map(parse, columns[place]))  # type: ignore[arg-type] # still text: each is read once
        except ValueError:
            self._find_faults(rows, faults)
            return []
        return columns

    def _picked(self, rows: Sequence[NumberedRow]) -> Iterator[tuple[str, ...]]:
        return (self._pick(row) for _, row in rows)

    def _find_faults(self, rows: Sequence[NumberedRow], faults: Faults) -> None:
        for (line, _), values in zip(rows, self._picked(rows), strict=True):
            for place, heading, parse in self._checks:
                try:
                    parse(values[place].strip())
                except ValueError as error:
                    faults.add(Fault(line, heading, str(error)))


class SchoolReader:
    """Reads the rows of the extract."""

    def __init__(self, columns: Columns) -> None:
        self._kept = _Reader(GIAS, _SCHOOL_CELLS, columns)
        self._sen = itemgetter(*(at(columns, heading) for heading in SEN))
        self._postcode = list(GIAS).index("postcode")

    def read(self, rows: Sequence[NumberedRow], faults: Faults) -> list[tuple[Value, ...]]:
        """Return the schools of rows, named by STAGED_SCHOOL; nothing after noting what is wrong with them."""
        kept = self._kept.read(rows, faults)
        if not kept:
            return []
        sen = [_needs(self._sen(row)) for _, row in rows]
        districts = [_district(str(postcode)) for postcode in kept[self._postcode]]
        return list(zip(*kept, sen, districts, strict=True))


@lru_cache(maxsize=8192)
def _needs(told: tuple[str, ...]) -> str:
    """Return the short names of needs: ASD of "ASD - Autistic Spectrum Disorder"."""
    short = (need.partition(" - ")[0].strip() for need in told)
    return ",".join(need for need in short if need.casefold() not in _NO_NEEDS)


def _district(postcode: str) -> str:
    """Return the district of a postcode; well-written ones of a district are reckoned once."""
    return _first_part(postcode[:-4]) if postcode[-4:-3] == " " else postcode_district(postcode)


_first_part = lru_cache(maxsize=8192)(postcode_district)


class LinkReader:
    """Reads the rows of the file of links."""

    def __init__(self, columns: Columns) -> None:
        self._kept = _Reader(LINKS, _LINK_CELLS, columns)

    def read(self, rows: Sequence[NumberedRow], faults: Faults) -> list[tuple[Value, ...]]:
        """Return the links of rows, named by STAGED_LINK; nothing after noting what is wrong with them."""
        return list(zip(*self._kept.read(rows, faults), strict=True))
