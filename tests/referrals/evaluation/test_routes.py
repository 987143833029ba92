"""Awards where nobody competes: the one offer, a place of a contract, or a supplier off the framework."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from channels.tables import MessageRow
from kernel.errors import ConflictError
from referrals.actions.close_referral import close_referral
from referrals.actions.evaluation.award import AwardReferral, award_referral
from referrals.model import Response, ResponseKind
from referrals.model.answers import DeclineCode
from referrals.model.awards import NextStep
from referrals.model.contracts import ContractKind
from referrals.model.routes import Route
from referrals.tables import PlacementRow
from tests.referrals.browsing import browser, words
from tests.referrals.evaluation.world import REASON, award
from tests.referrals.routes.steps import DIRECT, SPOT, approve_and_issue, choose, contract, plan
from tests.referrals.world import World


def _direct(world: World) -> str:
    referral_id = world.drafted()
    choose(world, referral_id, replace(DIRECT, setting_id=world.settings[0]))
    plan(world, referral_id)
    approve_and_issue(world, referral_id)
    return referral_id


def test_the_one_offer_of_a_direct_award_is_awarded_without_scores_and_before_the_deadline(world: World) -> None:
    """R5, R27"""
    referral_id = _direct(world)
    with pytest.raises(ConflictError, match="Nobody has offered"), world.ground.work() as work:
        award_referral(work, world.commissioner, AwardReferral(referral_id, None, REASON))
    world.respond(referral_id)
    given = award(world, referral_id)
    assert (given.supplier, given.route) == ("School 0", Route.DIRECT_AWARD)
    with world.ground.read() as session:
        assert session.scalars(select(PlacementRow.award_id)).all() == [given.id]
        assert session.scalar(select(func.count()).where(MessageRow.key == "referrals.outcome")) == 1


def test_a_direct_award_that_was_declined_leads_on_at_once(world: World) -> None:
    """R29"""
    referral_id = _direct(world)
    world.respond(referral_id, 0, Response(ResponseKind.DECLINE, DeclineCode.NO_PLACE))
    with world.ground.work() as work:
        following = close_referral(work, world.commissioner, referral_id, "The school is full.", NextStep.SPOT)
    assert following is not None


def test_a_supplier_off_the_framework_is_awarded_without_anybody_asked(world: World, app: Flask) -> None:
    """R7"""
    referral_id = world.drafted()
    choose(world, referral_id, SPOT)
    approve_and_issue(world, referral_id)
    client = browser(app, world.commissioner)
    base = f"/commissioning/referrals/{referral_id}"
    assert "Award" in words(client.get(f"{base}/evaluation"))
    assert "Supplier: Harbour Tutors" in words(client.get(f"{base}/award"))
    page = words(client.post(f"{base}/award", data={"reasons": REASON}, follow_redirects=True))
    assert "Awarded: Harbour Tutors" in page
    assert "See the placement" in page
    with world.ground.read() as session:
        assert session.scalar(select(func.count()).where(MessageRow.key == "referrals.outcome")) == 0


def test_a_block_place_is_taken_with_the_award_and_the_last_one_only_once(world: World) -> None:
    """R6"""
    contract_id = contract(world, ContractKind.BLOCK, world.settings[0], places=1)
    asked = []
    for _ in range(2):
        referral_id = world.drafted()
        command = replace(DIRECT, route=Route.BLOCK_CALLDOWN, reason_code=None, reasons="", evidence="")
        choose(world, referral_id, replace(command, contract_id=contract_id))
        plan(world, referral_id)
        approve_and_issue(world, referral_id)
        world.respond(referral_id)
        asked.append(referral_id)
    award(world, asked[0])
    with pytest.raises(ConflictError):
        award(world, asked[1])
    with world.ground.read() as session:
        assert session.scalar(select(func.count()).select_from(PlacementRow)) == 1
