from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_visits.model import VisitState
from qa_visits.rules.states import may_become, may_move, why_stale

ORDER = list(VisitState)


@pytest.mark.parametrize(
    "path",
    [
        (VisitState.PROPOSED, VisitState.ACCEPTED, VisitState.BOOKED, VisitState.DONE),
        (VisitState.PROPOSED, VisitState.OTHER_DAY_OFFERED, VisitState.BOOKED, VisitState.CANCELLED),
        (VisitState.PROPOSED, VisitState.CANCELLED),
    ],
)
def test_visit_goes_forward_along_its_paths(path: tuple[VisitState, ...]) -> None:
    assert all(may_become(before, after) for before, after in pairwise(path))


@given(st.lists(st.sampled_from(ORDER), min_size=1, max_size=12))
def test_visit_never_goes_back_or_leaves_an_end(wishes: list[VisitState]) -> None:
    state, seen = VisitState.PROPOSED, [VisitState.PROPOSED]
    for wish in wishes:
        if may_become(state, wish):
            assert wish not in seen
            state = wish
            seen.append(state)
    if VisitState.CANCELLED in seen:
        assert seen[-1] is VisitState.CANCELLED
    if VisitState.DONE in seen:
        assert VisitState.BOOKED in seen


def test_day_moves_only_while_the_visit_is_proposed_or_booked() -> None:
    assert {state for state in VisitState if may_move(state)} == {VisitState.PROPOSED, VisitState.BOOKED}


@pytest.mark.parametrize("state", list(VisitState))
def test_every_state_can_be_told_to_whoever_presses_too_late(state: VisitState) -> None:
    assert why_stale(state).endswith(".")
