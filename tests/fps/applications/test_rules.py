from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fps.model.application_form import DECLARATIONS, DETAILS, EXCLUSIONS, LOTS
from fps.model.applications import Evaluation
from fps.rules.applications import (
    are_all_in,
    check_in_time,
    check_may_decide,
    checksum,
    clean,
    is_in_time,
    lapsed,
    missing,
)
from kernel.calendar import at_london
from kernel.errors import ConflictError, TooLateError

OPENS = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = st.dates(date(2026, 2, 1), date(2027, 12, 31))


@given(day=DAYS, late_s=st.integers(1, 400 * 24 * 3600))
def test_R16_what_is_late_never_counts_whatever_the_clocks_do(day: date, late_s: int) -> None:
    """London noon in summer and in winter; one second later is late."""
    closes = at_london(day, time(12))
    assert not is_in_time(closes + timedelta(seconds=late_s), closes)
    with pytest.raises(TooLateError):
        check_in_time(closes + timedelta(seconds=late_s), OPENS, closes)


@given(day=DAYS, early_us=st.integers(-999_999, 30 * 24 * 3600 * 1_000_000))
def test_R16_the_closing_second_is_always_in_time(day: date, early_us: int) -> None:
    closes = at_london(day, time(12))
    assert is_in_time(closes - timedelta(microseconds=early_us), closes)


def _evaluation(number: int, has_conflict: bool | None, *, is_finished: bool) -> Evaluation:
    return Evaluation(f"person{number}", "council", has_conflict, None, OPENS if is_finished else None)


@given(st.lists(st.tuples(st.sampled_from([None, False, True]), st.booleans()), max_size=5))
def test_R25_nobody_ever_decides_without_two_whole_evaluations_free_of_conflict(
    found: list[tuple[bool | None, bool]],
) -> None:
    evaluations = [_evaluation(at, conflict, is_finished=done) for at, (conflict, done) in enumerate(found)]
    free = [done for conflict, done in found if not conflict]
    expected = len(free) >= 2 and all(free)
    assert are_all_in(evaluations) is expected
    if not expected:
        with pytest.raises(ConflictError):
            check_may_decide(evaluations)


@given(st.dictionaries(st.text(max_size=5), st.one_of(st.text(max_size=5), st.lists(st.text(max_size=3))), max_size=5))
def test_the_checksum_depends_on_what_is_said_and_not_on_its_order(content: dict[str, object]) -> None:
    turned = dict(reversed(content.items()))
    assert checksum(content) == checksum(turned)
    assert checksum({**content, "more": 1}) != checksum(content)


def test_clean_keeps_what_is_asked_and_nothing_else() -> None:
    said = {"legal_name": " A  Ltd ", "company_number": "sc 123456", "strange": "x", "ukprn": ""}
    assert clean(DETAILS, said) == {"legal_name": "A  Ltd", "company_number": "SC123456"}
    assert clean(LOTS, {"lots": ["b", "a", "a", ""], "places": "1,200"}) == {"lots": ["a", "b"], "places": "1200"}


def test_missing_names_one_of_two_numbers_and_the_explanation_of_a_yes() -> None:
    assert "company_number" in missing(DETAILS, {"legal_name": "A"})
    assert "company_number" not in missing(DETAILS, {"charity_number": "123456"})
    said = dict.fromkeys([name for name, _ in EXCLUSIONS], "no")
    assert missing(DECLARATIONS, said) == ()
    assert missing(DECLARATIONS, {**said, "unpaid": "yes"}) == ("explanation",)


def test_a_document_holds_to_the_end_of_its_last_day() -> None:
    day = date(2026, 11, 23)
    assert [lapsed(until, day) for until in (day - timedelta(days=1), day, None)] == [True, False, False]
