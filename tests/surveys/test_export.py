import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.model import Outcome
from surveys.rules.export import BOM, HEAD, ExportFacts, export_rows, safe_cell, to_csv
from surveys.rules.ready_made_surveys import ready_made_surveys
from surveys.rules.results import NO_ANSWER, QuestionResult, Tally, tabulate

PULSE = ready_made_surveys()[0]
LANGUAGES = {"en": "English", "pl": "Polish", "ur": "Urdu"}
FACTS = ExportFacts("Termly pulse", 1, "Sefton Shore Parent Carer Forum", "Sefton", LANGUAGES)


def scale(language: str, **points: int) -> list[Tally]:
    return [
        Tally("needs_met", language, Outcome.ANSWERED, int(point[1:]), None, count) for point, count in points.items()
    ]


def result_of(question_id: str, tallies: list[Tally], respondents: dict[str, int]) -> QuestionResult:
    return next(one for one in tabulate(PULSE, tallies, respondents) if one.question.id == question_id)


def test_who_left_a_question_out_is_counted_so_that_every_question_has_the_same_base() -> None:
    found = result_of("needs_met", scale("en", p4=6, p5=5), {"en": 16})
    assert dict(zip(found.keys, found.shown.cells, strict=True)) == {
        "1": 0,
        "2": 0,
        "3": 0,
        "4": 6,
        "5": 5,
        NO_ANSWER: 5,
    }
    assert found.shown.base == 16


def test_V10_under_five_respondents_there_is_no_result() -> None:
    assert tabulate(PULSE, scale("en", p4=4), {"en": 4}) == ()


def test_V10_a_language_with_few_people_is_not_shown_alone() -> None:
    tallies = [*scale("en", p4=12), *scale("pl", p4=3), *scale("ur", p4=3)]
    found = result_of("needs_met", tallies, {"en": 12, "pl": 3, "ur": 3})
    assert [[found.languages[at] for at in group.members] for group in found.groups] == [["en"], ["pl", "ur"]]


def test_what_people_wrote_is_never_in_the_rows() -> None:
    wrote = [Tally("one_change", "en", Outcome.ANSWERED, None, None, 7)]
    rows = list(export_rows(FACTS, tabulate(PULSE, wrote, {"en": 12})))
    own_words = [row for row in rows if row[HEAD.index("answer_id")] == "in_own_words"]
    assert own_words[0][HEAD.index("count")] == 7
    assert "must first have read and approved" in str(own_words[0][HEAD.index("note")])


@pytest.mark.parametrize(
    "text", ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1", "\u00a0=1", "=HYPERLINK(1)"]
)
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_plain_cells_stay_as_they_are() -> None:
    assert [safe_cell(cell) for cell in ("Yes", "4 (very well)", 7, None, "")] == ["Yes", "4 (very well)", 7, None, ""]


def test_urdu_and_line_ends_come_back_as_they_were() -> None:
    facts = ExportFacts('ٹرم کا "سروے", مختصر\nدوم', 1, "F", "C", LANGUAGES)
    text = to_csv(export_rows(facts, tabulate(PULSE, scale("ur", p4=12), {"ur": 12})))
    assert text.startswith(BOM)
    assert text.encode().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))
    assert {row["survey"] for row in rows} == {facts.survey}


COUNT = st.integers(0, 12)


@given(st.dictionaries(st.sampled_from(sorted(LANGUAGES)), st.lists(COUNT, min_size=6, max_size=6), min_size=1))
def test_V10_no_row_and_no_difference_of_rows_is_a_group_under_five(table: dict[str, list[int]]) -> None:
    """Read the file as an attacker would: every count, what hidden ones hold together, and what groups leave over."""
    tallies = [
        tally
        for language, counts in table.items()
        for tally in scale(language, **{f"p{point}": count for point, count in enumerate(counts[:5], 1) if count})
    ]
    respondents = {language: sum(counts) for language, counts in table.items()}
    rows = [
        dict(zip(HEAD, row, strict=True))
        for row in export_rows(FACTS, tabulate(PULSE, tallies, respondents))
        if "needs_met" in row
    ]
    if not rows:
        assert sum(respondents.values()) < 5
        return
    overall = {row["answer_id"]: row for row in rows if row["group_by"] == "all"}
    groups = {str(row["group"]) for row in rows if row["group_by"] == "language"}
    for group in ["All", *groups]:
        shown = {row["answer_id"]: row["count"] for row in rows if row["group"] == group}
        base = next(int(row["respondents"] or 0) for row in rows if row["group"] == group)
        told = [count for count in shown.values() if isinstance(count, int)]
        assert not any(0 < count < 5 for count in [*told, base - sum(told)])
    for group in groups:
        for row in rows:
            if row["group"] == group and isinstance(row["count"], int):
                total = overall[row["answer_id"]]["count"]
                assert isinstance(total, int)
                assert not 0 < total - row["count"] < 5
