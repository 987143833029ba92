"""Plans by which settings leave: who is chased, and how one ends without every answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select

from channels.tables import MessageRow
from fps.actions.standing.leave import BeginLeaving, begin_leaving, finish_leaving
from fps.actions.standing.plan_learners import PlanLearner, answer_plan, plan_learner, settle_learner
from fps.actions.standing.suspend_setting import SuspendSetting, suspend_setting
from fps.jobs import remind_of_reviews
from fps.model import Status
from fps.model.standing import NextStep
from fps.queries import status_history
from kernel.clock import FixedClock
from kernel.errors import ConflictError, NotFoundError
from kernel.tables import AuditRow
from kernel.work import Ground
from tests.fps.standing.conftest import Browse, Corner

LEAVES_ON = date(2026, 12, 10)


@pytest.fixture
def plan_id(ground: Ground, corner: Corner) -> str:
    decided = SuspendSetting(corner.setting_id, (corner.lot_id,), "Danger.", is_urgent=True, review_on=LEAVES_ON)
    with ground.work() as work:
        suspension_id = suspend_setting(work, corner.lead, decided)
        return begin_leaving(work, corner.lead, BeginLeaving(suspension_id, "Not fit.", LEAVES_ON))


def told_on(ground: Ground, corner: Corner, day: date) -> list[str]:
    """Run the job on a day and return who was reminded of the plan, twice being once."""
    names = {corner.commissioner.id: "Cora", corner.other.id: "Otto", corner.lead.id: "Lee"}
    wanted = select(MessageRow).where(MessageRow.key.in_(["fps.standing_learners_due", "fps.standing_leaving_due"]))
    with ground.read() as session:
        before = len(session.scalars(wanted).all())
    for _ in range(2):
        remind_of_reviews(ground, datetime.combine(day, time(8, 45), UTC))
    with ground.read() as session:
        rows = session.scalars(wanted.order_by(MessageRow.seq)).all()[before:]
        return sorted(names[row.person_id or ""] for row in rows)


def test_who_owes_something_for_a_plan_is_chased_until_it_ends(ground: Ground, corner: Corner, plan_id: str) -> None:
    council_id = corner.world.council_id
    assert told_on(ground, corner, date(2026, 11, 27)) == []
    assert told_on(ground, corner, date(2026, 11, 28)) == [], "a Saturday"
    assert told_on(ground, corner, date(2026, 11, 30)) == ["Cora", "Otto"]
    with ground.work() as work:
        learner = PlanLearner(plan_id, council_id, "LN-77", NextStep.SEARCHING, LEAVES_ON)
        line_id = plan_learner(work, corner.commissioner, learner)
        answer_plan(work, corner.commissioner, plan_id, council_id)
    assert told_on(ground, corner, date(2026, 12, 7)) == ["Otto"]
    assert told_on(ground, corner, LEAVES_ON) == ["Cora", "Lee", "Otto"]
    with ground.work() as work:
        settle_learner(work, corner.commissioner, plan_id, council_id, line_id)
        answer_plan(work, corner.other, plan_id, corner.world.other_council_id)
    assert told_on(ground, corner, date(2026, 12, 14)) == ["Lee"]
    with ground.work() as work:
        finish_leaving(work, corner.lead, plan_id)
    assert told_on(ground, corner, date(2026, 12, 21)) == []


def test_from_its_day_on_a_setting_leaves_without_a_council_that_is_silent(
    ground: Ground, corner: Corner, clock: FixedClock, plan_id: str
) -> None:
    with ground.work() as work:
        answer_plan(work, corner.commissioner, plan_id, corner.world.council_id)
    with pytest.raises(ConflictError), ground.work() as work:
        finish_leaving(work, corner.lead, plan_id, "They never answer.")
    clock.set(datetime(2026, 12, 10, 9, tzinfo=UTC))
    with pytest.raises(NotFoundError), ground.work() as work:
        finish_leaving(work, corner.commissioner, plan_id, "They never answer.")
    with pytest.raises(ConflictError), ground.work() as work:
        finish_leaving(work, corner.lead, plan_id)
    with ground.work() as work:
        finish_leaving(work, corner.lead, plan_id, "They have said by phone that nobody is there.")
    with ground.read() as session:
        last = status_history(session, corner.setting_id, corner.lot_id)[-1]
        assert (last.to_status, last.actor_id) == (Status.EXITED, corner.lead.id)
        assert last.reason == "They have said by phone that nobody is there."
        recorded = session.scalars(select(AuditRow).where(AuditRow.action == "fps.finish_leaving")).one()
        assert '"councils_without_answer":1' in recorded.details


def test_the_page_of_the_last_step_says_what_is_missing_and_asks_why_it_goes_without(
    browse: Browse, ground: Ground, corner: Corner, clock: FixedClock, plan_id: str
) -> None:
    lead, path = browse(corner.lead), f"/register/settings/{corner.setting_id}/leaving/finish"
    assert "Councils that have not answered: 2 of 2." in lead.get(path).text
    assert browse(corner.commissioner).get(path).status_code == 403
    clock.set(datetime(2026, 12, 10, 9, tzinfo=UTC))
    lead = browse(corner.lead)
    assert lead.post(path, data={"without": " "}).status_code == 422
    for actor, council_id in (
        (corner.commissioner, corner.world.council_id),
        (corner.other, corner.world.other_council_id),
    ):
        with ground.work() as work:
            answer_plan(work, actor, plan_id, council_id)
    assert "Councils that have not answered: 0 of 2." in lead.get(path).text
    assert "The setting has left the list." in lead.post(path, follow_redirects=True).text
    assert lead.get(path).status_code == 404
