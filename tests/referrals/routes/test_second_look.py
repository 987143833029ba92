from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from fps.tables import FrameworkRow
from kernel.errors import ConflictError, ForbiddenError, HubError, InvalidInputError, NotFoundError
from people.model import Actor, Role
from referrals.actions.approvals.ask_approval import AskApproval, ask_approval
from referrals.actions.approvals.decide_approval import DecideApproval, decide_approval
from referrals.actions.preparing.choose_route import choose_route
from referrals.actions.preparing.weigh_criteria import weigh_criteria
from referrals.model.approvals import ApprovalKind, ApprovalOutcome
from referrals.model.criteria import Criterion, Weights
from referrals.queries.looks import approvals_waiting, count_to_approve, to_approve
from referrals.tables import ApprovalRow, IssueRow
from tests.fps import world as register
from tests.referrals.routes.steps import DIRECT, approve_and_issue, ask, choose, decide, issue, looks, plan
from tests.referrals.world import World


@pytest.fixture
def planned(world: World) -> str:
    """A draft with its times."""
    referral_id = world.drafted()
    plan(world, referral_id)
    return referral_id


def test_nothing_goes_out_before_a_colleague_has_approved_exactly_this(world: World, planned: str) -> None:
    """R9: a second pair of eyes, on what is issued and on nothing else."""
    with pytest.raises(ConflictError, match="colleague must approve"):
        issue(world, planned)
    ask(world, planned)
    with pytest.raises(ConflictError, match="colleague must approve"):
        issue(world, planned)
    decide(world, planned)
    with world.ground.work() as work:
        weights = Weights({Criterion.SPECIFIC_NEEDS: 90, Criterion.AFFORDABILITY: 10})
        weigh_criteria(work, world.commissioner, planned, weights)
    with pytest.raises(ConflictError, match="colleague must approve"):
        issue(world, planned)
    approve_and_issue(world, planned)
    with world.ground.read() as session:
        assert session.scalars(select(IssueRow)).one().text["weights"] == {"specific_needs": 90, "affordability": 10}


def test_neither_the_author_nor_who_asked_approves(world: World, planned: str) -> None:
    """R5: approver and author are two."""
    with world.ground.work() as work:
        third = register.member(work, "Tia Third", Role.COMMISSIONER, world.register.council_id)
        asked = ask_approval(work, world.colleague, AskApproval(planned, ApprovalKind.ISSUE, "", "0" * 64))
    for person in (world.commissioner, world.colleague):
        with pytest.raises(ForbiddenError), world.ground.work() as work:
            decide_approval(work, person, DecideApproval(asked, ApprovalOutcome.APPROVED, ""))
    with pytest.raises(NotFoundError), world.ground.work() as work:
        decide_approval(work, world.stranger, DecideApproval(asked, ApprovalOutcome.APPROVED, ""))
    with world.ground.work() as work:
        decide_approval(work, third, DecideApproval(asked, ApprovalOutcome.APPROVED, ""))
    with pytest.raises(ConflictError), world.ground.work() as work:
        decide_approval(work, third, DecideApproval(asked, ApprovalOutcome.REFUSED, "No."))


def test_what_is_sent_back_says_why_and_can_be_asked_again(world: World, planned: str) -> None:
    ask(world, planned)
    with pytest.raises(InvalidInputError, match="what has to change"):
        decide(world, planned, outcome=ApprovalOutcome.REFUSED)
    decide(world, planned, outcome=ApprovalOutcome.REFUSED, words="The outcomes are too thin.")
    refused = looks(world, planned).refused
    assert refused is not None
    assert refused.card is not None
    assert (refused.card.words, refused.decided_by) == ("The outcomes are too thin.", "Tom Teal")
    with pytest.raises(ConflictError):
        issue(world, planned)
    approve_and_issue(world, planned)


def test_asking_twice_is_one_question_and_a_changed_draft_withdraws_it(world: World, planned: str) -> None:
    ask(world, planned)
    ask(world, planned)
    with world.ground.read() as session:
        assert len(session.scalars(select(ApprovalRow)).all()) == 1
        assert count_to_approve(session, world.colleague) == 1
        assert count_to_approve(session, world.commissioner) == 0
        assert count_to_approve(session, world.stranger) == 0
        assert to_approve(session, world.colleague, world.ground.clock.now()).count == 1
        (waiting,) = approvals_waiting(session, world.colleague)
        assert (waiting.card.kind, waiting.asked_by) == (ApprovalKind.ISSUE, "Una Umber")
    choose(world, planned, replace(DIRECT, setting_id=world.settings[0]))
    ask(world, planned)
    with world.ground.read() as session:
        outcomes = {row.kind: row.outcome for row in session.scalars(select(ApprovalRow))}
    assert outcomes == {"issue": "withdrawn", "direct_award": None}


def test_a_framework_may_let_the_author_issue_alone_but_never_a_direct_award(world: World, planned: str) -> None:
    """R5"""
    with world.ground.work() as work:
        framework = work.session.get_one(FrameworkRow, world.register.framework_id)
        framework.terms = {**framework.terms, "second_look": 0}
    assert looks(world, planned).lines == ()
    issue(world, planned)
    direct = world.drafted()
    choose(world, direct, replace(DIRECT, setting_id=world.settings[0]))
    plan(world, direct)
    assert [line.kind for line in looks(world, direct).lines] == [ApprovalKind.DIRECT_AWARD]
    with pytest.raises(ConflictError):
        issue(world, direct)


def test_two_who_decide_at_once_decide_once(world: World, planned: str) -> None:
    with world.ground.work() as work:
        third = register.member(work, "Tia Third", Role.COMMISSIONER, world.register.council_id)
    ask(world, planned)

    def press(person: Actor) -> str:
        try:
            decide(world, planned, person, ApprovalOutcome.REFUSED, "No.")
        except HubError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(press, (world.colleague, third)))
    assert said == ["conflict", "done"]


def test_two_who_ask_at_once_ask_once(world: World, planned: str) -> None:
    def press(_: int) -> str:
        ask(world, planned)
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(press, range(2))) == ["done", "done"]
    with world.ground.read() as session:
        assert len(session.scalars(select(ApprovalRow)).all()) == 1


def test_who_wrote_the_reasons_does_not_approve_them(world: World) -> None:
    """R5: also where a colleague's draft carries them, and that colleague asks."""
    referral_id = world.drafted()
    with world.ground.work() as work:
        choose_route(work, world.colleague, replace(DIRECT, referral_id=referral_id, setting_id=world.settings[0]))
    plan(world, referral_id)
    ask(world, referral_id)
    with world.ground.read() as session:
        assert count_to_approve(session, world.colleague) == 0
    with pytest.raises(ForbiddenError):
        decide(world, referral_id, world.colleague)
    with world.ground.work() as work:
        third = register.member(work, "Val Violet", Role.COMMISSIONER, world.register.council_id)
    decide(world, referral_id, third)
