from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from channels.tables import MessageRow
from fps.actions.standing.register_setting import register_setting
from fps.model import Status
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.tables import AuditRow
from referrals.actions.preparing.choose_route import ChooseRoute, choose_route
from referrals.model import Phase
from referrals.model.contracts import ContractKind
from referrals.model.particulars import Particulars
from referrals.model.routes import Route
from referrals.queries.councils import opened_responses, referral
from referrals.queries.lists import Wanted, referrals_of
from referrals.queries.waiting import to_decide, to_unseal
from referrals.tables import ContractRow, ExclusionRow, IssueRow, RecipientRow, ReferralRow
from tests.referrals.routes.steps import DIRECT, REASONS, SPOT, approve_and_issue, ask, choose, contract, looks, plan
from tests.referrals.world import World


def _route(world: World, referral_id: str) -> str:
    with world.ground.read() as session:
        return session.scalars(select(ReferralRow.route).where(ReferralRow.id == referral_id)).one()


def test_a_referral_has_one_route_and_a_competition_unless_another_is_chosen(world: World) -> None:
    """R1"""
    referral_id = world.drafted()
    assert _route(world, referral_id) == Route.MINI_COMPETITION
    choose(world, referral_id, replace(DIRECT, setting_id=world.settings[1]))
    assert _route(world, referral_id) == Route.DIRECT_AWARD
    choose(world, referral_id, ChooseRoute("", Route.MINI_COMPETITION))
    with world.ground.read() as session:
        row = session.get_one(ReferralRow, referral_id)
        assert (row.route, row.setting_id) == ("mini_competition", None)
        assert Particulars.of(row.particulars).reasons == ""


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason_code": None}, "reason_code"),
        ({"reasons": REASONS[:99]}, "reasons"),
        ({"reasons": " " * 200}, "reasons"),
        ({"evidence": "panel 12"}, "evidence"),
        ({"evidence": ""}, "evidence"),
        ({"setting_id": "of nothing"}, "setting_id"),
    ],
)
def test_a_direct_award_needs_code_reasons_evidence_and_a_setting(
    world: World, change: dict[str, object], field: str
) -> None:
    """R5"""
    referral_id = world.drafted()
    command = replace(DIRECT, **{"setting_id": world.settings[0], **change})  # type: ignore[arg-type]  # what the parameters say
    with pytest.raises(InvalidInputError) as caught:
        choose(world, referral_id, command)
    assert caught.value.field == field


def test_a_direct_award_asks_one_setting_alone_and_its_answer_is_open_at_once(world: World) -> None:
    """R5, R15, R21: nobody competes, so no minimum of days and no seal of two; the record keeps the reason's code."""
    referral_id = world.drafted()
    choose(world, referral_id, replace(DIRECT, setting_id=world.settings[1]))
    plan(world, referral_id, world.ground.clock.now().date())
    approve_and_issue(world, referral_id)
    with world.ground.read() as session:
        assert session.scalars(select(RecipientRow.setting_id)).all() == [world.settings[1]]
        assert session.scalars(select(ExclusionRow)).all() == []
        assert len(session.scalars(select(MessageRow).where(MessageRow.key == "referrals.alert")).all()) == 1
        chosen = session.scalars(select(AuditRow).where(AuditRow.action == "referrals.choose_route")).one()
        assert "continuity" in chosen.details
        assert "settled" not in chosen.details
    world.respond(referral_id, 1)
    with world.ground.read() as session:
        now = world.ground.clock.now()
        (answer,) = opened_responses(session, world.commissioner, referral_id, world.ground.keys)
        assert answer.setting_name == "School 1"
        assert referral(session, world.commissioner, referral_id, now).phase is Phase.OPEN
        assert to_unseal(session, world.commissioner, now).count == 0
        with pytest.raises(NotFoundError):
            opened_responses(session, world.stranger, referral_id, world.ground.keys)


def test_a_setting_that_a_hard_filter_leaves_out_gets_no_direct_award(world: World) -> None:
    """R3, R5"""
    referral_id = world.drafted()
    choose(world, referral_id, replace(DIRECT, setting_id=world.settings[3]))
    plan(world, referral_id)
    assert looks(world, referral_id).shown.faults == ("School 3: It is suspended.",)
    with pytest.raises(ConflictError, match="suspended"):
        ask(world, referral_id)


def test_a_block_calldown_asks_the_setting_of_the_contract_while_a_place_is_left(world: World) -> None:
    """R6"""
    contract_id = contract(world, ContractKind.BLOCK, world.settings[2], places=1)
    referral_id = world.drafted()
    choose(world, referral_id, ChooseRoute("", Route.BLOCK_CALLDOWN, contract_id=contract_id))
    plan(world, referral_id)
    assert [one.setting.id for one in looks(world, referral_id).shown.selection.recipients] == [world.settings[2]]
    with world.ground.work() as work:
        work.session.get_one(ContractRow, contract_id).taken = 1
    assert looks(world, referral_id).shown.faults == ("No place is left in this block contract.",)
    with pytest.raises(InvalidInputError, match="No place is left"):
        choose(world, world.drafted(), ChooseRoute("", Route.BLOCK_CALLDOWN, contract_id=contract_id))
    with pytest.raises(InvalidInputError, match="Choose a contract"):
        choose(world, referral_id, ChooseRoute("", Route.EXISTING_CONTRACT, contract_id=contract_id))


def test_an_existing_contract_is_used_off_the_framework_and_never_in_a_competition(world: World) -> None:
    """R8"""
    with world.ground.work() as work:
        new = replace(world.register.new_setting(0), name="Off the list", urn="999901")
        setting_id = register_setting(work, world.register.lead, new)
    contract_id = contract(world, ContractKind.EXISTING, setting_id)
    referral_id = world.drafted()
    plan(world, referral_id)
    asked = {one.setting.id for one in looks(world, referral_id).shown.selection.recipients}
    assert setting_id not in asked
    choose(world, referral_id, ChooseRoute("", Route.EXISTING_CONTRACT, contract_id=contract_id))
    approve_and_issue(world, referral_id)
    with world.ground.read() as session:
        assert session.scalars(select(RecipientRow.setting_id)).all() == [setting_id]


def test_the_contract_of_another_council_is_none(world: World) -> None:
    """R6, R8"""
    contract_id = contract(world, ContractKind.BLOCK, world.settings[0], places=3)
    with world.ground.work() as work:
        work.session.get_one(ContractRow, contract_id).council_id = world.register.other_council_id
    with pytest.raises(InvalidInputError, match="Choose a contract"):
        choose(world, world.drafted(), ChooseRoute("", Route.BLOCK_CALLDOWN, contract_id=contract_id))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rule_reference": " "}, "rule_reference"),
        ({"supplier": ""}, "supplier"),
        ({"supplier_number": "12"}, "supplier_number"),
    ],
)
def test_a_spot_purchase_needs_the_rules_reference_and_a_supplier(
    world: World, change: dict[str, str], field: str
) -> None:
    """R7"""
    with pytest.raises(InvalidInputError) as caught:
        choose(world, world.drafted(), replace(SPOT, **change))  # type: ignore[arg-type]  # what the parameters say
    assert caught.value.field == field


def test_a_spot_purchase_asks_nobody_and_waits_for_its_award(world: World) -> None:
    """R7: no alert, no recipient; on the record all the same."""
    referral_id = world.drafted()
    choose(world, referral_id, SPOT)
    approve_and_issue(world, referral_id)
    now = world.ground.clock.now()
    with world.ground.read() as session:
        assert session.scalars(select(RecipientRow)).all() == []
        assert session.scalars(select(MessageRow).where(MessageRow.key == "referrals.alert")).all() == []
        issue = session.scalars(select(IssueRow)).one()
        assert issue.text["route"] == "off_framework_spot"
        page = referral(session, world.commissioner, referral_id, now)
        assert (page.phase, page.is_intact) == (Phase.UNSEALED, True)
        lines = referrals_of(session, world.commissioner, now, Wanted(phase=Phase.UNSEALED))
        assert [line.id for line in lines] == [referral_id]
        assert referrals_of(session, world.commissioner, now, Wanted(phase=Phase.OPEN)) == []
        recorded = session.scalars(select(AuditRow).where(AuditRow.action == "referrals.issue")).one()
        assert "off_framework_spot" in recorded.details


def test_what_was_asked_without_competition_waits_for_its_decision_after_the_deadline(world: World) -> None:
    """R5"""
    referral_id = world.drafted()
    choose(world, referral_id, replace(DIRECT, setting_id=world.settings[0]))
    plan(world, referral_id)
    approve_and_issue(world, referral_id)
    later = datetime(2026, 12, 1, 12, 0, 1, tzinfo=UTC)
    with world.ground.read() as session:
        assert to_decide(session, world.commissioner, later).count == 1
        assert to_unseal(session, world.commissioner, later).count == 0


def test_a_calloff_is_recorded_under_the_regime_of_its_framework(world: World) -> None:
    """R37"""
    world.issued()
    with world.ground.read() as session:
        recorded = session.scalars(select(AuditRow).where(AuditRow.action == "referrals.issue")).one()
    assert '"regime":"pcr_light_touch"' in recorded.details.replace(" ", "")


def test_past_quality_and_distance_leave_nobody_out_of_a_competition(world: World) -> None:
    """R4: whatever is known softly, whoever passes the hard filters is asked."""
    referral_id = world.drafted()
    plan(world, referral_id)
    shown = looks(world, referral_id).shown
    assert [one.setting.id for one in shown.selection.recipients] == list(world.settings[:3])
    assert {out.candidate.status for out in shown.selection.excluded} == {Status.SUSPENDED, Status.SELF_PAUSED}


def test_another_council_chooses_no_route(world: World) -> None:
    referral_id = world.drafted()
    with pytest.raises(NotFoundError), world.ground.work() as work:
        choose_route(work, world.stranger, replace(SPOT, referral_id=referral_id))


def test_an_issued_referral_keeps_its_route(world: World) -> None:
    """R1, R9"""
    with pytest.raises(ConflictError):
        choose(world, world.issued(), SPOT)
