from __future__ import annotations

from datetime import UTC, datetime

from kernel.clock import FixedClock
from kernel.work import Ground
from people.model import Actor
from qa_visits.actions.accept_visit import accept_visit
from qa_visits.finding import find_actions, find_own_actions, find_visits
from tests.qa_visits.world import World, open_action, propose

AFTER = datetime(2026, 12, 9, 16, tzinfo=UTC)


def test_visits_and_actions_are_found_by_setting_by_whoever_may_read_them(
    ground: Ground, world: World, clock: FixedClock
) -> None:
    visit_id = propose(ground, world)
    with ground.work() as work:
        accept_visit(work, world.officer, visit_id)
    clock.set(AFTER)
    action_id = open_action(ground, world, visit_id)
    finders = (find_visits, find_actions, find_own_actions)

    def found(actor: Actor, words: str) -> list[list[str]]:
        with ground.read() as session:
            return [[one.id for one in find(session, actor, words, 10, AFTER)] for find in finders]

    assert found(world.commissioner, "school brook") == [[visit_id], [action_id], []]
    assert found(world.owner, "BROOK") == [[], [], [action_id]]
    assert found(world.stranger, "brook") == [[], [], []], "another council's"
    assert found(world.other_owner, "brook") == [[], [], []], "another provider's"
    assert found(world.commissioner, "_rook") == [[], [], []], "wildcards stand for themselves"
