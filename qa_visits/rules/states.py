from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from qa_visits.model import VisitState

_FORWARD: Mapping[VisitState, frozenset[VisitState]] = MappingProxyType(
    {
        VisitState.PROPOSED: frozenset({VisitState.ACCEPTED, VisitState.OTHER_DAY_OFFERED, VisitState.CANCELLED}),
        VisitState.ACCEPTED: frozenset({VisitState.BOOKED, VisitState.CANCELLED}),
        VisitState.OTHER_DAY_OFFERED: frozenset({VisitState.BOOKED, VisitState.CANCELLED}),
        VisitState.BOOKED: frozenset({VisitState.DONE, VisitState.CANCELLED}),
        VisitState.DONE: frozenset(),
        VisitState.CANCELLED: frozenset(),
    }
)


def may_become(state: VisitState, following: VisitState) -> bool:
    """Tell whether a visit may go from one state to the other; states only move forward."""
    return following in _FORWARD[state]


def may_move(state: VisitState) -> bool:
    """Tell whether the visit's day may still change."""
    return state in (VisitState.PROPOSED, VisitState.BOOKED)


def why_stale(state: VisitState) -> str:
    """Say, to somebody who pressed too late, how the visit stands now."""
    return _STALE[state]


_STALE = MappingProxyType(
    {
        VisitState.PROPOSED: "This visit is proposed and waits for an answer.",
        VisitState.ACCEPTED: "This visit is already accepted.",
        VisitState.OTHER_DAY_OFFERED: "Another day was already offered for this visit.",
        VisitState.BOOKED: "This visit is already booked.",
        VisitState.DONE: "This visit has already taken place.",
        VisitState.CANCELLED: "This visit was cancelled.",
    }
)


@dataclass(frozen=True)
class Choices:
    """What somebody may do with a visit now."""

    answer: bool
    move: bool
    cancel: bool
    record_outcome: bool


def choices(state: VisitState, *, day: date, today: date, is_its_officer: bool, plans: bool) -> Choices:
    """Say what somebody may do with a visit: `plans` for its council, or is the officer whom it was proposed to."""
    return Choices(
        answer=plans and is_its_officer and state is VisitState.PROPOSED,
        move=plans and is_its_officer and may_move(state),
        cancel=plans and may_become(state, VisitState.CANCELLED),
        record_outcome=plans and may_become(state, VisitState.DONE) and day <= today,
    )
