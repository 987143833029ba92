from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from fps import northwest
from fps.waiting import frameworks_ending
from kernel.work import Ground
from people.model import Actor, Role
from people.waiting import Waiting
from tests.fps.world import build_world, member


def test_a_framework_waits_for_its_own_lead_from_a_year_before_its_end_to_its_last_day(ground: Ground) -> None:
    world = build_world(ground)
    with ground.work() as work:
        other = member(work, "Olga Other", Role.LEAD_AUTHORITY, world.council_id)

    def waits(actor: Actor, days: int) -> Waiting:
        with ground.read() as session:
            day = northwest.ENDS_ON + timedelta(days=days)
            return frameworks_ending(session, actor, datetime.combine(day, time(12), UTC))

    assert [waits(world.lead, days).count for days in (-366, -365, 0, 1)] == [0, 1, 1, 0]
    assert waits(world.lead, -1).due.first == northwest.ENDS_ON
    assert waits(other, -1) == Waiting()
