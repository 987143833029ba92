"""Ofsted's management information: report cards, old grades and standards, each as it stands.

No grade is worked out from another, and no overall grade is made up (DOMAIN.md 4).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fps.model.open_data import JudgementKind, Source
from fps.rules.open_data import cells
from fps.rules.open_data.faults import Fault, Faults
from fps.rules.open_data.gias import NumberedRow, Value
from fps.rules.open_data.headings import AREAS, URN, Columns, at

STAGED_JUDGEMENT = ("urn", "source", "kind", "part", "inspection", "inspected_on", "published_on", "grades")
"""The names of what `read` returns, in order."""
OEIF = "Latest OEIF "
STANDARDS = "Most recent standard inspection: "
PROGRESS = "Most recent progress monitoring: "
_DATED = " - date of grade"
_BLANK = frozenset({"", "null", "9", "0"})
_LONGEST_NUMBER = 20
_OF_INSPECTION = ("inspection number", "start date", "publication date")


@dataclass(frozen=True)
class _Block:
    """The columns of one kind of judgement: its inspection number, its dates, and its grades by heading."""

    kind: JudgementKind
    number: int | None
    inspected: int | None
    published: int | None
    grades: tuple[tuple[str, int], ...]
    is_many: bool = False
    """Whether a school may have several, told apart by their inspection numbers."""


def _blocks(source: Source, columns: Columns) -> list[_Block]:
    if source is Source.ADDITIONAL:
        place = columns.place
        grades = _places(columns, ("Inspection type", "Overall outcome"))
        number, dates = place("Inspection number"), (place("Inspection start date"), place("Publication date"))
        return [_Block(JudgementKind.ADDITIONAL, number, *dates, grades, is_many=True)]
    old, report_card = _old(source, columns), _report_card(source, columns)
    return [block for block in (report_card, old, *_others(source, columns)) if block.grades]


def _report_card(source: Source, columns: Columns) -> _Block:
    number = "full" if source is Source.STATE else "REIF standard"
    dated = [f"{area}{_DATED}" for area in AREAS]
    headings = (*AREAS, *dated, "Category of concern") if source is Source.STATE else AREAS
    return _Block(
        JudgementKind.REPORT_CARD,
        columns.place(f"Inspection number of latest {number} inspection"),
        columns.place("Inspection start date"),
        columns.place("Publication date"),
        _places(columns, headings),
    )


def _old(source: Source, columns: Columns) -> _Block:
    what = f"latest OEIF {'graded' if source is Source.STATE else 'standard'} inspection"
    return _Block(
        JudgementKind.OEIF,
        columns.place(f"Inspection number of {what}"),
        columns.place(f"Inspection start date of {what}"),
        columns.place(f"Publication date of {what}"),
        tuple(columns.beginning(OEIF)),
    )


def _others(source: Source, columns: Columns) -> list[_Block]:
    if source is Source.STATE:
        return [
            _Block(
                JudgementKind.UNGRADED,
                columns.place("Latest ungraded inspection number"),
                columns.place("Date of latest ungraded inspection"),
                columns.place("Ungraded inspection publication date"),
                _places(columns, ("Ungraded inspection overall outcome",)),
            )
        ]
    number, start, published = (columns.place(PROGRESS + name) for name in _OF_INSPECTION)
    own = {number, start, published}
    progress = tuple(found for found in columns.beginning(PROGRESS) if found[1] not in own)
    told = number_s, start_s, published_s = tuple(columns.place(STANDARDS + name) for name in _OF_INSPECTION)
    standards = tuple(found for found in columns.beginning(STANDARDS) if found[1] not in told)
    return [
        _Block(JudgementKind.STANDARDS, number_s, start_s, published_s, standards),
        _Block(JudgementKind.PROGRESS, number, start, published, progress),
    ]


def _places(columns: Columns, headings: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple((heading, place) for heading in headings if (place := columns.place(heading)) is not None)


def said(cell: str) -> str:
    """Return what a cell says; NULL, 9 and 0 stand for nothing."""
    text = " ".join(cell.split())
    return "" if text.casefold() in _BLANK else text


class JudgementReader:
    """Reads the rows of one of Ofsted's files."""

    def __init__(self, source: Source, columns: Columns) -> None:
        self._source = source
        self._names = columns.names
        self._urn = at(columns, URN)
        self._blocks = _blocks(source, columns)

    def read(self, rows: Sequence[NumberedRow], faults: Faults) -> list[tuple[Value, ...]]:
        """Return what rows say, named by STAGED_JUDGEMENT; what is wrong with them is noted."""
        return [told for line, row in rows for told in self._read(line, row, faults)]

    def _read(self, line: int, row: Sequence[str], faults: Faults) -> list[tuple[Value, ...]]:
        """Return what a row says; nothing after noting what is wrong with it."""
        before = faults.count
        try:
            urn = cells.urn(row[self._urn].strip())
        except ValueError as error:
            faults.add(Fault(line, URN, str(error)))
            return []
        found = [told for block in self._blocks if (told := self._told(urn, block, line, row, faults)) is not None]
        return found if faults.count == before else []

    def _told(self, urn: str, block: _Block, line: int, row: Sequence[str], faults: Faults) -> tuple[Value, ...] | None:
        """Return one judgement of a row; None where its inspection has not been."""
        grades = {heading: text for heading, place in block.grades if (text := said(row[place]))}
        inspection = said(row[block.number]) if block.number is not None else ""
        if not grades and not inspection:
            return None
        if len(inspection) > _LONGEST_NUMBER or (block.is_many and not inspection):
            faults.add(Fault(line, self._names[block.number or 0], f"“{inspection[:20]}” is no inspection number."))
        inspected, published = (self._day(place, line, row, faults) for place in (block.inspected, block.published))
        part = inspection if block.is_many else ""
        written = json.dumps(grades, ensure_ascii=False, sort_keys=True)
        return (urn, self._source.value, block.kind.value, part, inspection, inspected, published, written)

    def _day(self, place: int | None, line: int, row: Sequence[str], faults: Faults) -> str | None:
        try:
            return cells.ofsted_day(said(row[place])) if place is not None else None
        except ValueError as error:
            faults.add(Fault(line, self._names[place or 0], str(error)))
            return None
