from __future__ import annotations

from dataclasses import dataclass

from surveys.model import FALLBACK_LANGUAGE, QuestionKind
from surveys.queries import Results
from surveys.rules.labels import label_of
from surveys.rules.results import QuestionResult
from surveys.rules.suppression import Group
from surveys.web.words import language_name

BAR_WIDTH = 200
"""Width of the longest bar in its own units; a page scales it."""


@dataclass(frozen=True)
class ResultRow:
    """One answer of the table: how many gave it, overall and by group; None where it is hidden (V10)."""

    label: str
    count: int | None
    percent: int | None
    bar: int
    by_group: tuple[int | None, ...]


@dataclass(frozen=True)
class ResultTable:
    """One question as the page shows it."""

    number: int
    text: str
    base: int
    hidden_together: int
    rows: tuple[ResultRow, ...]
    groups: tuple[str, ...]
    is_own_words: bool
    has_percentages: bool


def tables(results: Results) -> list[ResultTable]:
    """Return the tables of a survey's results, one a question."""
    return [_table(number, result) for number, result in enumerate(results.questions, 1)]


def _table(number: int, result: QuestionResult) -> ResultTable:
    shown = result.shown
    rows = tuple(
        ResultRow(
            label=label_of(result.question, key),
            count=count,
            percent=percent,
            bar=round(BAR_WIDTH * (count or 0) / shown.base),
            by_group=tuple(group.shown.cells[at] for group in result.groups),
        )
        for at, (key, count, percent) in enumerate(zip(result.keys, shown.cells, shown.percentages, strict=True))
    )
    return ResultTable(
        number=number,
        text=result.question.text.in_language(FALLBACK_LANGUAGE),
        base=shown.base,
        hidden_together=shown.hidden_together if shown.hidden else 0,
        rows=rows,
        groups=tuple(_group_name(result, group) for group in result.groups),
        is_own_words=result.question.kind is QuestionKind.TEXT,
        has_percentages=any(percent is not None for percent in shown.percentages),
    )


def _group_name(result: QuestionResult, group: Group) -> str:
    languages = ", ".join(language_name(result.languages[at]) for at in group.members)
    return f"{languages} ({group.shown.base})"
