"""An award is of exactly the offer that was looked at and approved, and of no other than law lets."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from fps.tables import FrameworkRow
from kernel.errors import ConflictError, InvalidInputError
from referrals.actions.approvals.decide_approval import DecideApproval, decide_approval
from referrals.actions.evaluation.award import AwardReferral, ask_award_approval, award_referral
from referrals.actions.evaluation.record_views import RecordPreference, record_preference
from referrals.model import Costs
from referrals.model.approvals import ApprovalOutcome
from referrals.model.contracts import ContractKind
from referrals.model.evaluation import PreferenceKind
from referrals.model.routes import Route
from referrals.tables import AwardRow, IssueRow
from tests.referrals.browsing import browser, words
from tests.referrals.evaluation.world import REASON, award, settled, to_award
from tests.referrals.routes.steps import DIRECT, SPOT, approve_and_issue, choose, contract, plan
from tests.referrals.world import OFFER, World

DEARER = replace(OFFER, costs=Costs(education=190_000))
ORDERED = "The SEND Tribunal ordered it on appeal; the order is on file."


def _direct(world: World) -> str:
    referral_id = world.drafted()
    choose(world, referral_id, replace(DIRECT, setting_id=world.settings[0]))
    plan(world, referral_id)
    approve_and_issue(world, referral_id)
    world.respond(referral_id)
    return referral_id


def _called_down(world: World, contract_id: str) -> str:
    referral_id = world.drafted()
    choose(world, referral_id, replace(DIRECT, route=Route.BLOCK_CALLDOWN, contract_id=contract_id, reason_code=None))
    plan(world, referral_id)
    approve_and_issue(world, referral_id)
    world.respond(referral_id)
    return referral_id


def _award(world: World, command: AwardReferral) -> None:
    with world.ground.work() as work:
        award_referral(work, world.commissioner, command)


def _panel(world: World) -> None:
    with world.ground.work() as work:
        work.session.execute(update(FrameworkRow).values(approval_panel="SEN Resource Panel"))


def _approve(world: World, command: AwardReferral) -> None:
    with world.ground.work() as work:
        asked = ask_award_approval(work, world.commissioner, command)
    with world.ground.work() as work:
        decide_approval(work, world.colleague, DecideApproval(asked, ApprovalOutcome.APPROVED, "Minutes of 1 December"))


def test_an_offer_that_changed_since_somebody_looked_is_not_awarded(world: World) -> None:
    """R5, R34: where nobody competes an answer can change until the deadline."""
    referral_id = _direct(world)
    looked_at = to_award(world, referral_id)
    world.respond(referral_id, 0, DEARER)
    with pytest.raises(ConflictError, match="changed since you looked"):
        _award(world, looked_at)
    with pytest.raises(ConflictError, match="changed since you looked"):
        _award(world, replace(looked_at, seen=""))
    _award(world, to_award(world, referral_id))


def test_the_page_shows_the_offer_it_awards(world: World, app: Flask) -> None:
    referral_id = _direct(world)
    client, target = browser(app, world.commissioner), f"/commissioning/referrals/{referral_id}/award"
    page = client.get(target)
    assert "Cost for a year £48,000" in words(page)
    sent = {"winner": to_award(world, referral_id).recipient_id, "reasons": REASON, "seen": _seen(page.text)}
    world.respond(referral_id, 0, DEARER)
    again = client.post(target, data=sent)
    assert (again.status_code, "changed since you looked" in words(again)) == (422, True)
    assert "Cost for a year £190,000" in words(again)
    assert client.post(target, data={**sent, "seen": _seen(again.text)}).status_code == 303


def _seen(html: str) -> str:
    found = re.search(r'name="seen"[^>]*value="([0-9a-f]{64})"', html)
    assert found is not None
    return found.group(1)


def test_a_panels_approval_holds_for_the_offer_and_the_reasons_it_read(world: World) -> None:
    """R5"""
    referral_id = _direct(world)
    _panel(world)
    approved = to_award(world, referral_id)
    _approve(world, approved)
    world.respond(referral_id, 0, DEARER)
    now = to_award(world, referral_id)
    with pytest.raises(ConflictError, match="SEN Resource Panel"):
        _award(world, now)
    _approve(world, now)
    with pytest.raises(InvalidInputError) as refused:
        _award(world, replace(now, reasons="Reasons that no panel has ever read or approved."))
    assert refused.value.field == "reasons"
    _award(world, now)


def test_what_law_puts_first_holds_where_nobody_competes(world: World, app: Flask) -> None:
    """R26"""
    direct, spot = _direct(world), world.drafted()
    choose(world, spot, SPOT)
    plan(world, spot)
    approve_and_issue(world, spot)
    for referral_id in (direct, spot):
        with world.ground.work() as work:
            wanted = RecordPreference(referral_id, PreferenceKind.TRIBUNAL_ORDER, None, "Elm Park School", ORDERED)
            record_preference(work, world.commissioner, wanted)
    with pytest.raises(InvalidInputError, match="Law puts another"):
        _award(world, to_award(world, direct))
    with pytest.raises(ConflictError, match="Law puts another"):
        _award(world, AwardReferral(spot, None, REASON))
    page = browser(app, world.commissioner).get(f"/commissioning/referrals/{direct}/award")
    assert "Nothing can be awarded yet." in words(page)


def test_a_place_of_a_contract_is_taken_with_the_award_so_that_none_is_promised_twice(world: World) -> None:
    """R6, R27: nobody else was asked, so that nobody waits for a standstill."""
    contract_id = contract(world, ContractKind.BLOCK, world.settings[0], 1)
    first, second = _called_down(world, contract_id), _called_down(world, contract_id)
    with world.ground.work() as work:
        for issue in work.session.scalars(select(IssueRow)):
            issue.terms = {**issue.terms, "standstill_days": 10}
    given = award(world, first)
    assert (given.standstill_until, given.confirmed_at) == (None, world.ground.clock.now())
    with pytest.raises(ConflictError):
        award(world, second)
    with world.ground.read() as session:
        assert session.scalar(select(func.count(AwardRow.id))) == 1


def test_an_offer_that_ranks_first_is_bound_as_well(world: World) -> None:
    referral_id = settled(world)
    with pytest.raises(ConflictError, match="changed since you looked"):
        _award(world, replace(to_award(world, referral_id), seen="another"))
