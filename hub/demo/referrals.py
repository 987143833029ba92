from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from fps.queries import frameworks_of, lots
from hub.demo.cast import Cast
from kernel.calendar import add_working_days, london_date
from kernel.work import Work
from people.queries import person
from referrals.actions.approvals.ask_approval import AskApproval, ask_approval
from referrals.actions.approvals.decide_approval import DecideApproval, decide_approval
from referrals.actions.draft_referral import Draft, draft_referral
from referrals.actions.issue_referral import IssueReferral, issue_referral
from referrals.actions.record_response import RecordResponse, record_response
from referrals.model import AgeBand, Costs, Gender, Need, NeedArea, Response, ResponseKind
from referrals.model.approvals import ApprovalKind, ApprovalOutcome
from referrals.queries.previews import draft_preview
from referrals.queries.providers import invitation
from referrals.rules.approving import plan_fingerprint


def seed(work: Work, cast: Cast) -> None:
    """Write two referrals of the cast's council: one is out with a first answer in, one is a draft to be checked."""
    commissioner = person(work.session, cast.commissioner_id)
    today = london_date(work.now)
    framework = frameworks_of(work.session, cast.council_id, today)[0]
    lot_id = lots(work.session, [framework.id], today)[0].id
    need = _need(today)
    issued = draft_referral(work, commissioner, Draft(cast.council_id, lot_id, need))
    shown = draft_preview(work.session, commissioner, issued, work.now)
    deadline_on = add_working_days(shown.earliest_deadline_on, 2)
    command = IssueReferral(issued, deadline_on, None, shown.fingerprint)
    approve(work, cast, command)
    issue_referral(work, commissioner, command)
    _answer(work, cast, issued, need.starts_from)
    unchecked = replace(
        need,
        age_band=AgeBand.FROM_12,
        year_group="Year 8",
        gender=None,
        outcomes="Joins a lesson for 20 minutes. Now stays with an aunt in Bolton.",
    )
    draft_referral(work, commissioner, Draft(cast.council_id, lot_id, unchecked))


def approve(work: Work, cast: Cast, command: IssueReferral, kind: ApprovalKind = ApprovalKind.ISSUE) -> None:
    """Let the second commissioner approve what the first one is about to issue."""
    fingerprint = plan_fingerprint(command.previewed, command.deadline_on, command.release_at)
    first, second = (person(work.session, one) for one in (cast.commissioner_id, cast.second_commissioner_id))
    asked = ask_approval(work, first, AskApproval(command.referral_id, kind, "", fingerprint))
    decide_approval(work, second, DecideApproval(asked, ApprovalOutcome.APPROVED, ""))


def _need(today: date) -> Need:
    return Need(
        age_band=AgeBand.FROM_8,
        year_group="Year 5",
        gender=Gender.FEMALE,
        need_area=NeedArea.COMMUNICATION,
        outcomes="Learns to ask for a break. Makes one friend. Reads for ten minutes a day.",
        risk_wording="May leave the room when it is loud.",
        travel_zone="Within 45 minutes by taxi",
        starts_from=today + timedelta(days=42),
        starts_until=today + timedelta(days=98),
    )


def _answer(work: Work, cast: Cast, referral_id: str, starts_on: date) -> None:
    user = person(work.session, cast.providers[0][1])
    (setting,) = invitation(work.session, user, referral_id, work.now).settings
    costs = Costs(education=49_000, therapy=6_500, transport=6_000)
    offer = Response(ResponseKind.OFFER, starts_on=starts_on, costs=costs, words="A small class is free.")
    record_response(work, user, RecordResponse(setting.recipient_id, offer, work.now))
