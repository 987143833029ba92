from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hub.demo import fps, qa_visits
from hub.demo.cast import seed_cast
from kernel.clock import FixedClock
from kernel.work import Ground
from qa_visits.model import Rag, VisitState
from qa_visits.queries import Which, actions_of_councils, visits
from tests.qa_visits.world import keys, messages


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 23, 10, tzinfo=UTC),
        datetime(2026, 12, 25, 23, tzinfo=UTC),
        datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
    ],
    ids=["a Monday", "Christmas night", "the night the clocks change"],
)
def test_demo_has_a_visit_in_each_state_whatever_the_day(ground: Ground, clock: FixedClock, at: datetime) -> None:
    clock.set(at)
    with ground.work() as work:
        cast = seed_cast(work)
        fps.seed(work, cast)
        qa_visits.seed(work, cast)

    with ground.read() as session:
        to_come = visits(session, [cast.council_id], which=Which.OPEN, officer_id=cast.qa_officer_id)
        ended = visits(session, [cast.council_id], which=Which.ENDED, officer_id=cast.qa_officer_id)
        [action] = actions_of_councils(session, [cast.council_id], which=Which.OPEN, today=at.date())
    assert [visit.state for visit in to_come] == [VisitState.PROPOSED, VisitState.BOOKED]
    assert [visit.state for visit in ended] == [VisitState.DONE]
    assert action.rag is Rag.GREEN
    assert {"proposal", "invitation", "action_new"} <= set(keys(messages(ground)))
