from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fps.rules.vacancies import (
    MOST_PLACES,
    Reply,
    Told,
    check_band,
    check_told,
    is_fresh,
    is_reminder_due,
    month_to_ask,
    read_reply,
)
from kernel.errors import InvalidInputError

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "said", ["YES", "yes", " Yes. ", "y", "OK", "No change", "still right!", "TAK", "ہاں", "جی ہاں۔"]
)
def test_a_yes_is_heard_in_the_ways_people_write_it(said: str) -> None:
    assert read_reply(said, ["A", "B"]) == Reply(is_yes=True)


@pytest.mark.parametrize("said", ["2", "2 places", "now 2", "No, 2", "yes, 2", "2."])
def test_a_number_alone_answers_a_question_of_one_line(said: str) -> None:
    assert read_reply(said, ["A"]) == Reply(numbers={"A": 2})


def test_letters_name_the_lines() -> None:
    assert read_reply("A 2, B 0", ["A", "B"]) == Reply(numbers={"A": 2, "B": 0})
    assert read_reply("a:3\nb=1", ["A", "B"]) == Reply(numbers={"A": 3, "B": 1})


def test_a_number_alone_never_answers_a_question_of_several_lines() -> None:
    assert read_reply("2", ["A", "B"]) == Reply(numbers={"": 2})


def test_a_letter_twice_is_no_answer() -> None:
    assert read_reply("A 2 A 3", ["A", "B"]) == Reply(numbers={"": 0})


def test_the_word_places_marks_an_answer() -> None:
    assert read_reply("PLACES YES", ["A"]) == Reply(is_yes=True, is_marked=True)
    assert read_reply("places 4", ["A"]) == Reply(numbers={"A": 4}, is_marked=True)
    assert read_reply("PLACES", ["A", "B"]) == Reply(is_marked=True)
    assert read_reply("places: A, 3", ["A", "B"]) == Reply(is_marked=True)


@pytest.mark.parametrize(
    "said",
    [
        "Places are all gone since the fire last night, please ring me",
        "places are hard to say",
        "Vacancy form does not open, can somebody help?",
        "Place planning meeting on Tuesday: who comes?",
        "Places 2 or so",
    ],
)
def test_words_that_only_begin_like_an_answer_reach_a_person(said: str) -> None:
    assert read_reply(said, ["A"]) is None


@pytest.mark.parametrize(
    "said", ["", "Yes but call me first", "I have 2 children", "no", "STOP", "yes no", "2 or 3", "1.5", "-2", "A"]
)
def test_other_words_are_never_read_as_an_answer(said: str) -> None:
    assert read_reply(said, ["A"]) is None


@given(st.text(max_size=60))
def test_a_reply_never_breaks_and_never_holds_a_negative_number(said: str) -> None:
    found = read_reply(said, ["A", "B"])
    assert found is None or all(number >= 0 for number in found.numbers.values())


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (Told(-1), "places"),
        (Told(MOST_PLACES + 1), "places"),
        (Told(1, expected_places=2), "expected_on"),
        (Told(1, expected_on=TODAY + timedelta(days=9)), "expected_on"),
        (Told(1, 0, TODAY + timedelta(days=9)), "expected_places"),
        (Told(1, 1, TODAY), "expected_on"),
        (Told(1, 1, TODAY + timedelta(days=3000)), "expected_on"),
        (Told(1, note="x" * 201), "note"),
        (Told(1, note="A boy called Sam leaves"), "note"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(told: Told, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_told(told, TODAY)
    assert refused.value.field == field


def test_bands_stay_within_the_registered_ages() -> None:
    check_band(5, 16, (5, 16))
    for band in ((4, 11), (5, 17), (11, 7)):
        with pytest.raises(InvalidInputError):
            check_band(*band, (5, 16))


def test_a_confirmation_holds_for_six_weeks_and_not_a_day_longer() -> None:
    assert is_fresh(datetime(2026, 10, 12, 9, tzinfo=UTC), TODAY)
    assert not is_fresh(datetime(2026, 10, 11, 9, tzinfo=UTC), TODAY)
    assert not is_fresh(None, TODAY)


def test_a_month_is_asked_from_its_first_working_day_on() -> None:
    assert month_to_ask(date(2026, 12, 1)) == date(2026, 12, 1)
    assert month_to_ask(date(2027, 1, 1)) is None, "New Year's Day"
    assert month_to_ask(date(2027, 1, 4)) == date(2027, 1, 1)
    assert month_to_ask(date(2027, 1, 20)) == date(2027, 1, 1)


def test_the_reminder_comes_after_five_working_days() -> None:
    asked = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    assert not is_reminder_due(asked, date(2026, 12, 7))
    assert is_reminder_due(asked, date(2026, 12, 8))
