"""PostgreSQL itself keeps pauses and learners from whom they are none of, also where a query forgets to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select

from fps.actions.standing.leave import BeginLeaving, begin_leaving
from fps.actions.standing.pause_placements import PausePlacements, pause_placements
from fps.actions.standing.plan_learners import PlanLearner, plan_learner
from fps.actions.standing.suspend_setting import SuspendSetting, suspend_setting
from fps.model.standing import NextStep
from fps.tables import CouncilPauseRow, LeavingAnswerRow, LeavingLearnerRow, SuspensionRow
from hub.row_security import rls_warnings
from hub.web.row_scope import scope_of
from kernel import scope
from kernel.clock import FixedClock
from kernel.database import Database
from kernel.work import Ground
from people.model import Actor, Role
from tests.conftest import ground_on
from tests.fps.standing.conftest import Corner
from tests.fps.world import build_world, member

REVIEW_ON = date(2026, 12, 18)


@pytest.fixture
def held(postgres_database: Database, clock: FixedClock) -> Ground:
    return ground_on(postgres_database, clock)


@pytest.fixture
def told(held: Ground) -> Corner:
    """A setting that leaves, with a learner of one council, which had paused its own placements and told nobody."""
    world = build_world(held)
    with held.work() as work:
        first = member(work, "Cora Commissioner", Role.COMMISSIONER, world.council_id)
        second = member(work, "Otto Other", Role.COMMISSIONER, world.other_council_id)
        corner = Corner(world, first, second, world.active_setting(work, 1))
        quiet = PausePlacements(world.council_id, corner.setting_id, None, "Why.", REVIEW_ON, tells_provider=False)
        pause_placements(work, first, quiet)
        decided = SuspendSetting(corner.setting_id, (corner.lot_id,), "Why.", is_urgent=True, review_on=REVIEW_ON)
        suspension_id = suspend_setting(work, world.lead, decided)
        plan_id = begin_leaving(work, world.lead, BeginLeaving(suspension_id, "Why.", date(2027, 3, 31)))
        plan_learner(work, first, PlanLearner(plan_id, world.council_id, "A-1", NextStep.REVIEW, REVIEW_ON))
    return corner


@pytest.fixture(autouse=True)
def _leave() -> Iterator[None]:
    yield
    scope.enter(None)


def test_each_sees_of_pauses_suspensions_and_learners_what_is_theirs(held: Ground, told: Corner) -> None:
    """A3: no council sees another's learners, the lead authority sees counts, a rival sees nothing."""

    def seen(who: Actor) -> tuple[int, int, int, int]:
        scope.enter(scope_of(who))
        with held.read() as session:
            pauses, suspensions, learners, answers = (
                len(session.scalars(select(column)).all())
                for column in (
                    CouncilPauseRow.id,
                    SuspensionRow.id,
                    LeavingLearnerRow.id,
                    LeavingAnswerRow.council_id,
                )
            )
        return pauses, suspensions, learners, answers

    with held.read() as session:
        assert not [line for line in rls_warnings(session) if "superuser" in line]
    assert seen(told.commissioner) == (1, 1, 1, 1)
    assert seen(told.other) == (0, 1, 0, 1)
    assert seen(told.lead) == (1, 1, 0, 2)
    assert seen(told.user) == (0, 1, 0, 0)
    assert seen(told.rival) == (0, 0, 0, 0)


def test_the_lead_authority_can_hold_every_councils_answer_while_it_counts(held: Ground, told: Corner) -> None:
    """Who locks rows asks for the leave to change them: without it the count would leave out other councils."""
    scope.enter(scope_of(told.lead))
    with held.work() as work:
        assert len(work.session.scalars(select(LeavingAnswerRow).with_for_update()).all()) == 2


def test_a_notice_is_its_lead_authoritys_and_its_providers_until_it_counts(held: Ground, told: Corner) -> None:
    with held.work() as work:
        setting_id = told.world.active_setting(work, 4)
        notice = SuspendSetting(setting_id, (told.lot_id,), "Not tested yet.", is_urgent=False)
        suspension_id = suspend_setting(work, told.lead, notice)

    def reads(who: Actor) -> bool:
        scope.enter(scope_of(who))
        with held.read() as session:
            return session.get(SuspensionRow, suspension_id) is not None

    assert [reads(who) for who in (told.lead, told.user, told.commissioner, told.other, told.rival)] == [
        True,
        True,
        False,
        False,
        False,
    ]
