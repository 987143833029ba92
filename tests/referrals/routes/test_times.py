from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fps.model import Regime
from fps.tables import FrameworkRow
from kernel.clock import FixedClock
from kernel.errors import ConflictError, InvalidInputError
from referrals.actions.preparing.record_agreements import RecordAgreements, record_agreements
from referrals.model import Terms
from referrals.model.approvals import ApprovalKind
from referrals.rules.deadlines import first_deadline_day, shortest_deadline_day
from tests.referrals.routes.steps import approve_and_issue, looks, plan
from tests.referrals.world import World

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
WHY = "The present placement ends without notice on Friday."
URGENT, USUAL = date(2026, 11, 25), date(2026, 11, 30)
FEW_DAYS = date(2026, 11, 27)


def test_an_urgent_deadline_needs_two_working_days_a_reason_and_an_approver(world: World) -> None:
    """R15"""
    referral_id = world.drafted()
    for deadline_on, reason in ((date(2026, 11, 24), WHY), (URGENT, ""), (URGENT, "Be quick.")):
        with pytest.raises(InvalidInputError):
            plan(world, referral_id, deadline_on, short_reason=reason)
    plan(world, referral_id, URGENT, short_reason=WHY)
    kinds = [line.kind for line in looks(world, referral_id).lines]
    assert kinds == [ApprovalKind.ISSUE, ApprovalKind.SHORT_DEADLINE]
    approve_and_issue(world, referral_id)


def test_with_the_usual_time_no_reason_is_kept_and_nobody_approves_it(world: World) -> None:
    """R15"""
    referral_id = world.drafted()
    plan(world, referral_id, USUAL, short_reason=WHY)
    found = looks(world, referral_id)
    assert found.shown.particulars.short_reason == ""
    assert [line.kind for line in found.lines] == [ApprovalKind.ISSUE]


def test_on_a_purchasing_system_all_who_are_asked_must_agree_to_less_than_ten_days(world: World) -> None:
    """R15, R37: by law, under the regime of the framework."""
    _put_under(world, Regime.PCR_DPS)
    referral_id = world.drafted()
    with pytest.raises(InvalidInputError, match="0 of 3 have"):
        plan(world, referral_id, FEW_DAYS, short_reason=WHY)
    _agree(world, referral_id, world.settings[0], world.settings[1], world.settings[3])
    with pytest.raises(InvalidInputError, match="2 of 3 have"):
        plan(world, referral_id, FEW_DAYS)
    _agree(world, referral_id, world.settings[1], world.settings[2])
    plan(world, referral_id, FEW_DAYS)
    with pytest.raises(InvalidInputError, match="0 of 3 have"):
        plan(world, referral_id, date(2026, 11, 26))
    approve_and_issue(world, referral_id)


def test_an_agreement_names_who_and_where_it_is_on_file(world: World) -> None:
    """R15"""
    referral_id = world.drafted()
    with pytest.raises(ConflictError, match="nobody has to agree"):
        _agree(world, referral_id, world.settings[0])
    _put_under(world, Regime.PCR_DPS)
    with pytest.raises(InvalidInputError, match="Tick"):
        _agree(world, referral_id, world.settings[3])
    command = RecordAgreements(referral_id, FEW_DAYS, [world.settings[0]], " ")
    with pytest.raises(InvalidInputError, match="on file"), world.ground.work() as work:
        record_agreements(work, world.commissioner, command)


def test_a_release_that_has_passed_is_planned_anew(world: World, clock: FixedClock) -> None:
    """R14"""
    referral_id = world.drafted()
    plan(world, referral_id, date(2026, 12, 2), datetime(2026, 11, 24, 9, tzinfo=UTC))
    clock.set(datetime(2026, 11, 24, 10, tzinfo=UTC))
    with pytest.raises(InvalidInputError, match="has passed"):
        plan(world, referral_id, date(2026, 12, 2), datetime(2026, 11, 24, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    ("regime", "day"),
    [
        (Regime.PCR_LIGHT_TOUCH, date(2026, 11, 25)),
        (Regime.PCR_DPS, date(2026, 11, 23)),
        (Regime.PA23, date(2026, 11, 23)),
    ],
)
def test_the_shortest_deadline_there_is(regime: Regime, day: date) -> None:
    """R15"""
    assert shortest_deadline_day(regime, MONDAY, Terms()) == day


def test_one_setting_alone_answers_by_any_working_day_after_the_release() -> None:
    """R5, R14"""
    assert first_deadline_day(MONDAY, Terms()) == date(2026, 11, 23)
    assert first_deadline_day(datetime(2026, 11, 27, 12, 0, 1, tzinfo=UTC), Terms()) == date(2026, 11, 30)


def _put_under(world: World, regime: Regime) -> None:
    with world.ground.work() as work:
        work.session.get_one(FrameworkRow, world.register.framework_id).regime = regime


def _agree(world: World, referral_id: str, *setting_ids: str) -> None:
    with world.ground.work() as work:
        command = RecordAgreements(referral_id, FEW_DAYS, setting_ids, "Emails of 20 November in case folder 1204")
        record_agreements(work, world.commissioner, command)
