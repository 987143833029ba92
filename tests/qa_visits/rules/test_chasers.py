from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import is_working_day
from qa_visits.model import VisitSettings
from qa_visits.rules.chasers import Chaser, chaser_to_send, chasers, next_chaser

OFFSETS = VisitSettings().chaser_offsets_wd


def test_chasers_of_an_action_due_after_christmas() -> None:
    assert list(chasers(date(2027, 1, 4), OFFSETS)) == [
        Chaser(-10, date(2026, 12, 16)),
        Chaser(-3, date(2026, 12, 29)),
        Chaser(0, date(2027, 1, 4)),
        Chaser(1, date(2027, 1, 5)),
        Chaser(5, date(2027, 1, 11)),
    ]


def test_due_date_on_a_bank_holiday_counts_from_the_next_working_day() -> None:
    assert [each.day for each in chasers(date(2026, 12, 25), (0, 1))] == [date(2026, 12, 29), date(2026, 12, 30)]


def test_nobody_is_chased_on_the_day_the_action_was_given_out() -> None:
    assert next_chaser(date(2027, 1, 4), OFFSETS, after=date(2026, 12, 16)) == Chaser(-3, date(2026, 12, 29))
    assert next_chaser(date(2027, 1, 4), OFFSETS, after=date(2027, 1, 11)) is None


def test_after_missed_days_only_the_latest_is_sent() -> None:
    due = date(2027, 1, 4)

    found = chaser_to_send(due, OFFSETS, first=date(2026, 12, 16), today=date(2027, 1, 4))

    assert found == Chaser(0, due)


def test_nothing_is_sent_before_its_day() -> None:
    assert chaser_to_send(date(2027, 1, 4), OFFSETS, first=date(2026, 12, 29), today=date(2026, 12, 28)) is None


@given(
    due=st.dates(date(2026, 6, 1), date(2027, 12, 1)),
    lead_d=st.integers(0, 60),
    runs=st.sets(st.integers(0, 90)),
)
def test_a_chaser_is_never_sent_twice_late_ones_never_in_a_heap(due: date, lead_d: int, runs: set[int]) -> None:
    given_out = due - timedelta(days=lead_d)
    following = next_chaser(due, OFFSETS, after=given_out)
    sent: list[int] = []
    for day in sorted(given_out + timedelta(days=each) for each in runs):
        if following is None or following.day > day:
            continue
        chaser = chaser_to_send(due, OFFSETS, first=following.day, today=day)
        assert chaser is not None
        sent.append(chaser.offset_wd)
        following = next_chaser(due, OFFSETS, after=day)

    assert sent == sorted(set(sent))


@given(
    due=st.dates(date(2026, 6, 1), date(2027, 12, 1)),
)
def test_chasers_always_fall_on_working_days(due: date) -> None:
    assert all(is_working_day(each.day) for each in chasers(due, OFFSETS))
