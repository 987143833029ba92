from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_visits.model import ActionState, Rag
from qa_visits.rules.plans import Standing, is_overdue, rag, shown_state

DUE = date(2027, 1, 4)


def colour(state: ActionState, today: date, *, rejected: bool = False) -> Rag:
    return rag(Standing(state, DUE, rejected), today, amber_within_wd=10)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 23), Rag.GREEN),
        (date(2026, 12, 15), Rag.GREEN),
        (date(2026, 12, 16), Rag.AMBER),  # ten working days before, Christmas left out
        (date(2027, 1, 4), Rag.AMBER),
        (date(2027, 1, 5), Rag.RED),
    ],
)
def test_open_action_turns_amber_then_red(today: date, expected: Rag) -> None:
    assert colour(ActionState.OPEN, today) is expected
    assert colour(ActionState.IN_PROGRESS, today) is expected


def test_evidence_that_waits_for_the_officer_is_green_and_stops_the_clock() -> None:
    assert colour(ActionState.EVIDENCE_IN, date(2026, 12, 30)) is Rag.GREEN
    assert colour(ActionState.EVIDENCE_IN, date(2027, 1, 20)) is Rag.GREEN
    assert not is_overdue(Standing(ActionState.EVIDENCE_IN, DUE, is_evidence_rejected=False), date(2027, 1, 20))


def test_rejected_evidence_is_red_whatever_the_date() -> None:
    assert colour(ActionState.IN_PROGRESS, date(2026, 11, 23), rejected=True) is Rag.RED


@given(st.dates(date(2026, 1, 1), date(2028, 12, 1)))
def test_verified_action_is_always_blue(today: date) -> None:
    assert colour(ActionState.VERIFIED, today) is Rag.BLUE
    assert colour(ActionState.VERIFIED, today, rejected=True) is Rag.BLUE


def test_overdue_is_a_status_that_follows_from_the_date() -> None:
    open_action = Standing(ActionState.OPEN, DUE, is_evidence_rejected=False)

    assert shown_state(open_action, DUE) is ActionState.OPEN
    assert shown_state(open_action, date(2027, 1, 5)) is ActionState.OVERDUE
    verified = Standing(ActionState.VERIFIED, DUE, is_evidence_rejected=False)
    assert shown_state(verified, date(2027, 6, 1)) is ActionState.VERIFIED
