"""What tests of the routes do with a draft, by the two commissioners of the world."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from people.model import Actor
from referrals.actions.approvals.look_at_draft import Look, ask_for_look, decide_look
from referrals.actions.contracts.record_contract import RecordContract, WrittenContract, record_contract
from referrals.actions.issue_referral import IssueReferral, issue_referral
from referrals.actions.preparing.choose_route import ChooseRoute, choose_route
from referrals.actions.preparing.plan_times import PlanTimes, plan_times
from referrals.model.approvals import ApprovalOutcome
from referrals.model.contracts import ContractKind
from referrals.model.particulars import DirectAwardReason
from referrals.model.routes import Route
from referrals.queries.looks import Looks, planned_looks
from tests.referrals.world import DEADLINE_ON, World

REASONS = (
    "The learner is settled at this school, which knows the need well. A move would undo three years of work there."
)
DIRECT = ChooseRoute(
    "",
    Route.DIRECT_AWARD,
    reason_code=DirectAwardReason.CONTINUITY,
    reasons=REASONS,
    evidence="https://records.example.org/panel/12",
)
SPOT = ChooseRoute("", Route.OFF_FRAMEWORK_SPOT, supplier="Harbour Tutors", rule_reference="CPR 14.2")


def choose(world: World, referral_id: str, command: ChooseRoute) -> None:
    """Choose a route for a draft."""
    with world.ground.work() as work:
        choose_route(work, world.commissioner, replace(command, referral_id=referral_id))


def plan(
    world: World,
    referral_id: str,
    deadline_on: date = DEADLINE_ON,
    release_at: datetime | None = None,
    short_reason: str = "",
) -> None:
    """Plan deadline and release of a draft."""
    with world.ground.work() as work:
        plan_times(work, world.commissioner, PlanTimes(referral_id, deadline_on, release_at, short_reason))


def looks(world: World, referral_id: str) -> Looks:
    """Return a draft as it would go out by its plan."""
    with world.ground.read() as session:
        found = planned_looks(session, world.commissioner, referral_id, world.ground.clock.now())
    assert found is not None
    return found


def ask(world: World, referral_id: str) -> None:
    """Ask for the second pair of eyes."""
    seen = Look(referral_id, looks(world, referral_id).shown.fingerprint)
    with world.ground.work() as work:
        ask_for_look(work, world.commissioner, seen)


def decide(
    world: World,
    referral_id: str,
    actor: Actor | None = None,
    outcome: ApprovalOutcome = ApprovalOutcome.APPROVED,
    words: str = "",
) -> None:
    """Decide as the second person."""
    seen = Look(referral_id, looks(world, referral_id).shown.fingerprint)
    with world.ground.work() as work:
        decide_look(work, actor or world.colleague, seen, outcome, words)


def issue(world: World, referral_id: str) -> None:
    """Issue a draft by its plan."""
    found = looks(world, referral_id)
    command = IssueReferral(referral_id, found.deadline_on, found.release_at, found.shown.fingerprint)
    with world.ground.work() as work:
        issue_referral(work, world.commissioner, command)


def approve_and_issue(world: World, referral_id: str) -> None:
    """Let a draft be approved as it stands, and issue it."""
    ask(world, referral_id)
    decide(world, referral_id)
    issue(world, referral_id)


def contract(world: World, kind: ContractKind, setting_id: str, places: int | None = None) -> str:
    """Record a contract of the world's council that covers every lot."""
    with world.ground.work() as work:
        written = WrittenContract(f"{kind.value}-1", None, places)
        command = RecordContract(world.register.council_id, kind, setting_id, None, date(2026, 1, 5), written)
        return record_contract(work, world.commissioner, command)
