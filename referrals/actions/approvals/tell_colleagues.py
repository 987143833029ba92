from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from channels.wording import MessageType
from kernel.work import Work
from referrals.messages.approvals import APPROVED, ASKED, NAMED, REOPENED, SENT_BACK
from referrals.model.approvals import OF_A_DRAFT, ApprovalKind, ApprovalOutcome
from referrals.queries.deciders import may_decide, still_there
from referrals.tables import ApprovalRow, ReferralRow

_PAGES: Mapping[ApprovalKind, str] = MappingProxyType(
    {ApprovalKind.LATE_ADMISSION: "late", ApprovalKind.AWARD: "evaluation"} | dict.fromkeys(OF_A_DRAFT, "check")
)


def tell_of_question(work: Work, referral: ReferralRow, asked: ApprovalRow) -> None:
    """Tell each colleague who may decide; all that is asked of a referral in one go is told once."""
    people = may_decide(work.session, referral, asked)
    link, key = f"/commissioning/approvals/{asked.id}", asked.asked_at.isoformat()
    _tell(work, referral, ASKED, people, link, key)


def tell_of_decision(work: Work, referral: ReferralRow, asked: ApprovalRow) -> None:
    """Tell whoever asked what came of it, or every commissioner once they have left."""
    if asked.outcome is None or asked.decided_at is None:
        return
    people = still_there(work.session, referral.council_id, asked.asked_by)
    link = f"{_page(referral)}/{_PAGES[ApprovalKind(asked.kind)]}"
    message = APPROVED if asked.outcome == ApprovalOutcome.APPROVED else SENT_BACK
    _tell(work, referral, message, people, link, asked.decided_at.isoformat())


def tell_evaluators(work: Work, referral: ReferralRow, people: Iterable[str], *, is_reopened: bool = False) -> None:
    """Tell people that they score a referral, or that an offer came to those they had scored (R25)."""
    message = REOPENED if is_reopened else NAMED
    _tell(work, referral, message, people, f"{_page(referral)}/evaluation", work.now.isoformat())


def _page(referral: ReferralRow) -> str:
    return f"/commissioning/referrals/{referral.id}"


def _tell(work: Work, referral: ReferralRow, message: MessageType, people: Iterable[str], link: str, key: str) -> None:
    queue_messages(
        work,
        [
            NewMessage(
                type=message,
                values={"reference": referral.reference, "link": link},
                person_id=person_id,
                dedupe_key=f"{message.key}:{referral.id}:{key}:{person_id}",
                about=Subject("referral", referral.id),
            )
            for person_id in people
        ],
    )
