"""Two at once at a draft: writing, choosing, attaching, looking, issuing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from fps.model import Regime
from fps.tables import FrameworkRow
from kernel.uploads import CheckedFile, FileKind
from referrals.actions.approvals.ask_approval import AskApproval, ask_approval
from referrals.actions.approvals.decide_approval import DecideApproval, decide_approval
from referrals.actions.approvals.look_at_draft import Look, ask_for_look, decide_look
from referrals.actions.confirm_findings import confirm_findings
from referrals.actions.draft_referral import Draft, draft_referral, edit_draft
from referrals.actions.issue_referral import IssueReferral, issue_referral
from referrals.actions.preparing.attach_file import AttachFile, attach_file, remove_file
from referrals.actions.preparing.choose_route import choose_route
from referrals.actions.preparing.delete_draft import delete_draft
from referrals.actions.preparing.override_guard import override_guard
from referrals.actions.preparing.plan_times import PlanTimes, plan_times
from referrals.actions.preparing.record_agreements import RecordAgreements, record_agreements
from referrals.actions.preparing.weigh_criteria import weigh_criteria
from referrals.model.approvals import ApprovalKind, ApprovalOutcome
from referrals.model.criteria import DEFAULT_WEIGHTS
from tests.referrals.at_once.pressing import Act, Button, Hall, Holds, check
from tests.referrals.routes.steps import DIRECT, REASONS, ask, decide, looks, plan
from tests.referrals.sample import need
from tests.referrals.world import DEADLINE_ON

PDF = CheckedFile("A usual week.pdf", FileKind.PDF, b"%PDF-1.4 a usual week")
FEW_DAYS = date(2026, 11, 27)


def _drafted(press: Callable[[Hall, str], Act]) -> Callable[[Hall], Act]:
    """Return a preparation that ends with a draft."""
    return lambda hall: press(hall, hall.world.drafted())


def _planned(press: Callable[[Hall, str], Act], *, asked: bool = False) -> Callable[[Hall], Act]:
    """Return a preparation that ends with a draft whose times are planned, and perhaps a colleague asked."""

    def prepare(hall: Hall) -> Act:
        referral_id = hall.world.drafted()
        plan(hall.world, referral_id)
        if asked:
            ask(hall.world, referral_id)
        return press(hall, referral_id)

    return prepare


def _draft(hall: Hall) -> Draft:
    return Draft(hall.world.register.council_id, hall.world.register.lots[0].id, need())


def _look(hall: Hall, referral_id: str) -> Look:
    return Look(referral_id, looks(hall.world, referral_id).shown.fingerprint)


def _attached(hall: Hall) -> Act:
    referral_id = hall.world.drafted()
    with hall.ground.work() as work:
        file_id = attach_file(work, hall.world.commissioner, AttachFile(referral_id, PDF, is_confirmed=True))
    return lambda work, actor: remove_file(work, actor, referral_id, file_id)


def _agreed(hall: Hall) -> Act:
    referral_id = hall.world.drafted()
    with hall.ground.work() as work:
        work.session.get_one(FrameworkRow, hall.world.register.framework_id).regime = Regime.PCR_DPS
    command = RecordAgreements(referral_id, FEW_DAYS, hall.world.settings[:3], "On file 12.")
    return lambda work, actor: record_agreements(work, actor, command)


def _issued(hall: Hall, referral_id: str) -> Act:
    decide(hall.world, referral_id)
    found = looks(hall.world, referral_id)
    command = IssueReferral(referral_id, found.deadline_on, found.release_at, found.shown.fingerprint)
    return lambda work, actor: issue_referral(work, actor, command)


def _asked(hall: Hall, referral_id: str) -> Act:
    with hall.ground.work() as work:
        command = AskApproval(referral_id, ApprovalKind.SHORT_DEADLINE, "Why.", "exactly this")
        approval_id = ask_approval(work, hall.world.commissioner, command)
    return lambda work, actor: decide_approval(work, actor, DecideApproval(approval_id, ApprovalOutcome.APPROVED, ""))


def _decided(hall: Hall, referral_id: str) -> Act:
    look = _look(hall, referral_id)
    return lambda work, actor: decide_look(work, actor, look, ApprovalOutcome.REFUSED, "No.")


def _asking(hall: Hall, referral_id: str) -> Act:
    look = _look(hall, referral_id)
    return lambda work, actor: ask_for_look(work, actor, look)


BUTTONS = (
    Button("draft_referral", lambda hall: lambda work, actor: draft_referral(work, actor, _draft(hall)), Holds.EACH),
    Button(
        "edit_draft",
        _drafted(lambda hall, it: lambda work, actor: edit_draft(work, actor, it, _draft(hall))),
        Holds.LATEST,
    ),
    Button(
        "confirm_findings",
        _drafted(lambda _hall, it: lambda work, actor: confirm_findings(work, actor, it, [])),
        Holds.LATEST,
    ),
    Button(
        "choose_route",
        _drafted(
            lambda hall, it: (
                lambda work, actor: choose_route(
                    work, actor, replace(DIRECT, referral_id=it, setting_id=hall.world.settings[0])
                )
            )
        ),
        Holds.LATEST,
    ),
    Button(
        "plan_times",
        _drafted(lambda _hall, it: lambda work, actor: plan_times(work, actor, PlanTimes(it, DEADLINE_ON))),
        Holds.LATEST,
    ),
    Button(
        "weigh_criteria",
        _drafted(lambda _hall, it: lambda work, actor: weigh_criteria(work, actor, it, DEFAULT_WEIGHTS)),
        Holds.LATEST,
    ),
    Button(
        "override_guard",
        _drafted(lambda _hall, it: lambda work, actor: override_guard(work, actor, it, REASONS)),
        Holds.LATEST,
    ),
    Button("record_agreements", _agreed, Holds.LATEST),
    Button(
        "attach_file",
        _drafted(
            lambda _hall, it: lambda work, actor: attach_file(work, actor, AttachFile(it, PDF, is_confirmed=True))
        ),
        Holds.SAME,
    ),
    Button("remove_file", _attached, Holds.SAME),
    Button("delete_draft", _drafted(lambda _hall, it: lambda work, actor: delete_draft(work, actor, it)), status=404),
    Button("ask_for_look", _planned(_asking), Holds.SAME),
    Button("decide_look", _planned(_decided, asked=True), who=lambda hall: hall.others),
    Button(
        "ask_approval",
        _drafted(
            lambda _hall, it: (
                lambda work, actor: ask_approval(
                    work, actor, AskApproval(it, ApprovalKind.ISSUE, "Why.", "exactly this")
                )
            )
        ),
        Holds.SAME,
    ),
    Button("decide_approval", _drafted(_asked), who=lambda hall: hall.others),
    Button("issue_referral", _planned(_issued, asked=True)),
)


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.action)
def test_two_at_once_at_a_draft(hall: Hall, button: Button) -> None:
    """R9, R15, R31"""
    check(hall, button)
