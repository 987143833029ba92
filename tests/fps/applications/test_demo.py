from __future__ import annotations

from fps.queries.application_waiting import to_answer, to_evaluate, to_finish
from hub.demo.seed import seed_demo
from kernel.work import Ground
from people.model import Role
from people.queries import persons_with_role


def test_the_demo_has_a_draft_and_applications_in_evaluation(ground: Ground) -> None:
    with ground.work() as work:
        assert seed_demo(work)
    with ground.read() as session:
        now = ground.clock.now()
        users = persons_with_role(session, Role.PROVIDER_USER)
        assert sum(to_finish(session, user, now).count for user in users) == 2
        assert sum(to_answer(session, user, now).count for user in users) == 1
        evaluators = persons_with_role(session, Role.COMMISSIONER)
        assert sorted(to_evaluate(session, person, now).count for person in evaluators)[-2:] == [1, 1]
