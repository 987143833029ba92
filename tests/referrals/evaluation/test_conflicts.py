"""Whoever has declared a conflict of interest decides nothing about the referral, whatever the step (R25)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from fps.tables import FrameworkRow
from kernel.clock import FixedClock
from kernel.errors import ForbiddenError
from kernel.work import Work
from people.model import Actor, Role
from referrals.actions.approvals.decide_approval import DecideApproval, decide_approval
from referrals.actions.evaluation.award import ask_award_approval, award_referral, confirm_award
from referrals.actions.evaluation.name_evaluators import name_evaluators
from referrals.actions.evaluation.score import declare_interest
from referrals.actions.unseal_responses import unseal_responses
from referrals.model.approvals import ApprovalOutcome
from referrals.model.late import LateGround
from referrals.queries.looks import approvals_waiting, asked_approval, count_to_approve
from referrals.tables import EvaluatorRow, IssueRow
from tests.fps import world as register
from tests.referrals.answers.test_late import ask, decide, late_referral
from tests.referrals.browsing import browser, words
from tests.referrals.evaluation.world import AFTER, at, settled, to_award
from tests.referrals.world import World


@pytest.fixture
def third(world: World) -> Actor:
    with world.ground.work() as work:
        return register.member(work, "Val Violet", Role.COMMISSIONER, world.register.council_id)


def _declare(world: World, referral_id: str, person: Actor) -> None:
    with world.ground.work() as work:
        name_evaluators(work, world.commissioner, referral_id, [person.id])
    with world.ground.work() as work:
        declare_interest(work, person, referral_id, conflict=True)


def _conflicted(work: Work, person: Actor, referral_id: str) -> None:
    """Put down a declaration from before all scores were in."""
    named = {"referral_id": referral_id, "person_id": person.id, "named_at": work.now, "named_by": person.id}
    work.session.add(EvaluatorRow(**named, declared_at=work.now, has_conflict=True))


def _refused(world: World, act: Callable[[Work], object]) -> None:
    with pytest.raises(ForbiddenError, match="conflict of interest"), world.ground.work() as work:
        act(work)


def test_they_give_no_half_of_the_unsealing(world: World, app: Flask, third: Actor) -> None:
    """R22, R25"""
    referral_id = world.issued()
    _declare(world, referral_id, third)
    at(world, AFTER)
    assert "Unseal" not in words(browser(app, third).get(f"/commissioning/referrals/{referral_id}"))
    _refused(world, lambda work: unseal_responses(work, third, referral_id))


def test_they_let_no_late_answer_in(world: World, clock: FixedClock, third: Actor) -> None:
    """R17, R25"""
    referral_id, late_id = late_referral(world, clock)
    _declare(world, referral_id, third)
    with pytest.raises(ForbiddenError, match="conflict of interest"):
        ask(world, late_id, LateGround.NO_TIMELY_ANSWER, actor=third)
    ask(world, late_id, LateGround.NO_TIMELY_ANSWER)
    with pytest.raises(ForbiddenError, match="conflict of interest"):
        decide(world, late_id, third)
    decide(world, late_id, world.colleague)


def test_they_neither_read_nor_approve_what_a_panel_is_asked(world: World, app: Flask, third: Actor) -> None:
    """R25: its reasons tell of the answers."""
    referral_id = settled(world)
    with world.ground.work() as work:
        work.session.execute(update(FrameworkRow).values(approval_panel="SEN Resource Panel"))
        asked = ask_award_approval(work, world.commissioner, to_award(world, referral_id))
    with world.ground.read() as session:
        assert count_to_approve(session, third) == 1
    with world.ground.work() as work:
        _conflicted(work, third, referral_id)
    with world.ground.read() as session:
        assert (count_to_approve(session, third), approvals_waiting(session, third)) == (0, [])
        with pytest.raises(ForbiddenError):
            asked_approval(session, third, asked)
    assert browser(app, third).get(f"/commissioning/approvals/{asked}").status_code == 403
    _refused(world, lambda work: decide_approval(work, third, DecideApproval(asked, ApprovalOutcome.APPROVED, "")))


def test_they_begin_no_placement_after_the_standstill(world: World, third: Actor) -> None:
    """R25, R27"""
    referral_id = settled(world)
    with world.ground.work() as work:
        for issue in work.session.scalars(select(IssueRow)):
            issue.terms = {**issue.terms, "standstill_days": 1}
        _conflicted(work, third, referral_id)
    with world.ground.work() as work:
        until = award_referral(work, world.commissioner, to_award(world, referral_id)).standstill_until
    assert until is not None
    at(world, until)
    _refused(world, lambda work: confirm_award(work, third, referral_id))
