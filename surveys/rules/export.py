"""Results as rows for a spreadsheet, under the same suppression as the page (V10)."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from surveys.model import FALLBACK_LANGUAGE, QuestionKind
from surveys.rules.labels import label_of
from surveys.rules.results import NO_ANSWER, QuestionResult
from surveys.rules.suppression import Shown

Cell = str | int | None
HEAD = (
    "survey",
    "version",
    "forum",
    "council",
    "question_number",
    "question_id",
    "question",
    "kind",
    "group_by",
    "group",
    "respondents",
    "answer_id",
    "answer",
    "count",
    "percent",
    "note",
)
BOM = "\ufeff"
"""Tells Excel that the file is UTF-8, so that Urdu and Polish stay intact."""
_HIDDEN = "Hidden so that no group under five can be worked out (V10)"
_NO_WORDS = "Words are not exported: a person must first have read and approved them"
_NO_RESULTS = "Fewer than five people have answered, or too few for now: nothing is shown (V10)"
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")


@dataclass(frozen=True)
class ExportFacts:
    """What stands on every row. languages are the names of languages by code."""

    survey: str
    version: int
    forum: str
    council: str
    languages: Mapping[str, str]


def export_rows(facts: ExportFacts, questions: Sequence[QuestionResult]) -> Iterator[tuple[Cell, ...]]:
    """One row for each question, group and answer; a single row with a note where nothing may be shown."""
    common: tuple[Cell, ...] = (facts.survey, facts.version, facts.forum, facts.council)
    if not questions:
        yield (*common, *[None] * (len(HEAD) - len(common) - 1), _NO_RESULTS)
    for number, result in enumerate(questions, 1):
        question = result.question
        asked = (number, question.id, question.text.in_language(FALLBACK_LANGUAGE), question.kind.value)
        for row in _rows(result, result.shown, ("all", "All")):
            yield (*common, *asked, *row)
        for group in result.groups:
            name = ", ".join(
                facts.languages.get(code, code) for code in map(result.languages.__getitem__, group.members)
            )
            for row in _rows(result, group.shown, ("language", name)):
                yield (*common, *asked, *row)


def _rows(result: QuestionResult, shown: Shown, group: tuple[str, str]) -> Iterator[tuple[Cell, ...]]:
    cells = zip(result.keys, shown.cells, shown.percentages, strict=True)
    for key, count, percent in cells:
        note = _HIDDEN if count is None else None
        if result.question.kind is QuestionKind.TEXT and key != NO_ANSWER:
            note = _NO_WORDS if note is None else f"{note}. {_NO_WORDS}"
        yield (*group, shown.base, key, label_of(result.question, key), count, percent, note)


def safe_cell(cell: Cell) -> Cell:
    """The cell so that no spreadsheet takes it for a formula."""
    if isinstance(cell, str) and (_FORMULA.match(cell)):
        return f"'{cell}"
    return cell


def to_csv(rows: Iterable[Sequence[Cell]]) -> str:
    """The rows as the text of a CSV file, head first, ready for Excel."""
    out = io.StringIO(newline="")
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow(HEAD)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()
