"""What a council's own system reads of a decision on a referral, and when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from fps.tables import FrameworkRow
from kernel.work import Ground
from referrals.actions.close_referral import close_referral
from referrals.actions.evaluation.award import ask_award_approval, confirm_award
from referrals.actions.withdraw_referral import withdraw_referral
from referrals.model.awards import NextStep
from referrals.tables import IssueRow
from tests.hub.api.case_system import CaseSystem, case_system
from tests.referrals.evaluation.world import AFTER, at, award, settled, to_award, unsealed
from tests.referrals.world import World, build_world

OVER = datetime(2026, 12, 15, tzinfo=UTC)


@pytest.fixture
def world(ground: Ground) -> World:
    return build_world(ground)


@pytest.fixture
def cases(app: Flask, world: World) -> CaseSystem:
    return case_system(app, world, world.commissioner)


def test_nothing_of_a_decision_leaks_before_all_were_told(world: World, cases: CaseSystem) -> None:
    """R21, R27: neither scores that are agreed nor an award that a panel is asked to approve."""
    referral_id = settled(world)
    with world.ground.work() as work:
        work.session.execute(update(FrameworkRow).values(approval_panel="SEN Resource Panel"))
        work.session.flush()
        ask_award_approval(work, world.commissioner, to_award(world, referral_id))
    answer = cases.asks.get(f"/referrals/{referral_id}/award")
    status = cases.asks.read(f"/referrals/{referral_id}")
    assert (answer.status_code, status["is_decided"], status["closed_at"]) == (404, False, None)
    for said in (str(answer.get_json()), str(status)):
        assert "School" not in said


def test_an_award_says_who_won_and_waits_for_the_end_of_the_standstill(
    app: Flask, world: World, cases: CaseSystem
) -> None:
    """R27: told at once, and no placement before the standstill is over. Reasons, scores and prices stay inside."""
    referral_id = settled(world)
    with world.ground.work() as work:
        issue = work.session.scalars(select(IssueRow).where(IssueRow.referral_id == referral_id)).one()
        issue.terms = {**issue.terms, "standstill_days": 10}
    given = award(world, referral_id)
    told = cases.asks.read(f"/referrals/{referral_id}/award")
    assert (told["id"], told["outcome"], told["setting_id"]) == (given.id, "award", world.settings[0])
    assert (told["supplier"], told["next_step"], told["route"]) == ("School 0", None, "mini_competition")
    assert _moment(told["told_at"]) == _moment(told["decided_at"]) == AFTER
    assert _moment(told["standstill_until"]) == OVER
    assert (told["confirmed_at"], told["placement_id"]) == (None, None)
    for inside in ("ranks first", "40000", "48000", "40,000", "visit last term"):
        assert inside not in str(told)
    stranger = case_system(app, world, world.stranger)
    assert stranger.asks.get(f"/referrals/{referral_id}/award").status_code == 404
    at(world, OVER)
    with world.ground.work() as work:
        placement_id = confirm_award(work, world.commissioner, referral_id)
    begun = cases.asks.read(f"/referrals/{referral_id}/award")
    assert (_moment(begun["confirmed_at"]), begun["placement_id"]) == (OVER, placement_id)
    assert cases.asks.read(f"/referrals/{referral_id}")["is_decided"] is True


def test_without_a_standstill_the_placement_is_there_at_once(world: World, cases: CaseSystem) -> None:
    referral_id = settled(world)
    award(world, referral_id)
    told = cases.asks.read(f"/referrals/{referral_id}/award")
    assert (told["standstill_until"], _moment(told["confirmed_at"])) == (None, AFTER)
    assert told["placement_id"]


def test_no_award_says_what_follows_and_not_why(world: World, cases: CaseSystem) -> None:
    """R29"""
    referral_id = unsealed(world)
    with world.ground.work() as work:
        close_referral(work, world.commissioner, referral_id, "Both are too far away.", NextStep.RE_RUN)
    told = cases.asks.read(f"/referrals/{referral_id}/award")
    assert (told["outcome"], told["next_step"], told["supplier"]) == ("no_award", "re_run", "")
    assert (told["setting_id"], told["placement_id"], _moment(told["told_at"])) == (None, None, AFTER)
    assert "far away" not in str(told)


@pytest.mark.parametrize("is_out", [True, False])
def test_a_withdrawn_referral_says_so_and_whether_anybody_was_told(
    world: World, cases: CaseSystem, *, is_out: bool
) -> None:
    """R29: before its release nobody is told."""
    referral_id = world.issued(release_at=None if is_out else datetime(2026, 11, 23, 13, tzinfo=UTC))
    with world.ground.work() as work:
        withdraw_referral(work, world.commissioner, referral_id, "It was issued by mistake.")
    told, status = (cases.asks.read(f"/referrals/{referral_id}{part}") for part in ("/award", ""))
    assert (told["outcome"], told["next_step"], told["told_at"] is not None) == ("no_award", "withdrawn", is_out)
    assert (status["status"], status["is_decided"], status["answered"]) == ("closed", True, 0)
    assert "mistake" not in str(told)


def _moment(told: str) -> datetime:
    return datetime.fromisoformat(told)
