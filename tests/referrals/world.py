"""An invented council with two commissioners and settings of several providers, for tests of referrals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fps.model import Status
from kernel.work import Ground, Work
from people.model import Actor, Role
from referrals.actions.approvals.ask_approval import AskApproval, ask_approval
from referrals.actions.approvals.decide_approval import DecideApproval, decide_approval
from referrals.actions.confirm_findings import confirm_findings
from referrals.actions.draft_referral import Draft, draft_referral
from referrals.actions.issue_referral import IssueReferral, issue_referral
from referrals.actions.record_response import RecordResponse, record_response
from referrals.model import Costs, Need, Receipt, Response, ResponseKind
from referrals.model.approvals import ApprovalKind, ApprovalOutcome
from referrals.queries.drafts import draft
from referrals.queries.previews import draft_preview
from referrals.queries.providers import invitation
from referrals.rules.approving import plan_fingerprint
from tests.fps import world as register
from tests.referrals.sample import need

DEADLINE_ON = date(2026, 12, 1)
OFFER = Response(ResponseKind.OFFER, starts_on=date(2027, 1, 11), costs=Costs(education=40_000, transport=8_000))


@dataclass(frozen=True)
class World:
    """`settings` are the ids of five settings on lot 1, two of them (3 and 4) left out."""

    ground: Ground
    register: register.World
    commissioner: Actor
    colleague: Actor
    stranger: Actor
    settings: tuple[str, ...]

    def drafted(self, wanted: Need | None = None, actor: Actor | None = None) -> str:
        """Draft a referral on lot 1 and confirm every finding."""
        author = actor or self.commissioner
        with self.ground.work() as work:
            council_id = author.roles[0].organisation_id
            referral_id = draft_referral(work, author, Draft(council_id, self.register.lots[0].id, wanted or need()))
            keys = [finding.key for finding in draft(work.session, author, referral_id).unconfirmed]
            confirm_findings(work, author, referral_id, keys)
        return referral_id

    def issue(self, referral_id: str, release_at: datetime | None = None, deadline_on: date = DEADLINE_ON) -> None:
        """Issue a draft as it would be previewed now, after the second look."""
        with self.ground.work() as work:
            shown = draft_preview(work.session, self.commissioner, referral_id, release_at or work.now)
            command = IssueReferral(referral_id, deadline_on, release_at, shown.fingerprint)
            take_second_look(work, command, self.commissioner, self.colleague)
            issue_referral(work, self.commissioner, command)

    def issued(self, wanted: Need | None = None, release_at: datetime | None = None) -> str:
        """Draft and issue a referral."""
        referral_id = self.drafted(wanted)
        self.issue(referral_id, release_at)
        return referral_id

    def user(self, number: int) -> Actor:
        """Return the user of a provider."""
        return self.register.providers[number][1]

    def respond(self, referral_id: str, number: int = 0, response: Response = OFFER) -> Receipt:
        """Respond now for the only setting of a provider."""
        now = self.ground.clock.now()
        with self.ground.work() as work:
            (asked,) = invitation(work.session, self.user(number), referral_id, now).settings
            return record_response(work, self.user(number), RecordResponse(asked.recipient_id, response, now))


def take_second_look(
    work: Work, command: IssueReferral, author: Actor, colleague: Actor, kind: ApprovalKind = ApprovalKind.ISSUE
) -> None:
    """Let a colleague approve exactly what a command would issue."""
    fingerprint = plan_fingerprint(command.previewed, command.deadline_on, command.release_at)
    asked = ask_approval(work, author, AskApproval(command.referral_id, kind, "For a test.", fingerprint))
    decide_approval(work, colleague, DecideApproval(asked, ApprovalOutcome.APPROVED, ""))


def build_world(ground: Ground) -> World:
    """Five providers with one setting each on lot 1; the fourth suspended, the fifth paused by itself."""
    found = register.build_world(ground, providers=5)
    with ground.work() as work:
        settings = tuple(found.active_setting(work, number) for number in range(5))
        found.step(work, settings[3], Status.SUSPENDED)
        found.step(work, settings[4], Status.SELF_PAUSED)
        people = tuple(
            register.member(work, name, Role.COMMISSIONER, council_id)
            for name, council_id in (
                ("Una Umber", found.council_id),
                ("Tom Teal", found.council_id),
                ("Sam Sand", found.other_council_id),
            )
        )
    commissioner, colleague, stranger = people
    return World(ground, found, commissioner, colleague, stranger, settings)
