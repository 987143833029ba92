from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from channels.actions.cancel_messages import cancel_messages
from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject, Urgency
from channels.wording import MessageType
from kernel import audit
from kernel.errors import ConflictError
from kernel.events import publish
from kernel.ids import new_id
from kernel.work import Work
from referrals.actions.find_referral import standing_of
from referrals.events import ReferralChanged
from referrals.messages.asking import ALERT, REMINDER, asked_values
from referrals.messages.equal import CHANGED, MOVED
from referrals.model.records import Record
from referrals.queries.providers import everybody_asked
from referrals.queries.records import vouched
from referrals.rules.changing import check_changeable, check_moved, check_reason
from referrals.rules.issuing import issue_hash
from referrals.rules.records import KEPT
from referrals.tables import IssueRow, RecipientRow, ReferralRow


@dataclass(frozen=True)
class Change:
    """What a new version has: the whole text, its deadline and why, all of it read by everybody who was asked.

    `tell` is the message that says so; None where the caller tells them in one of its own.
    """

    text: Mapping[str, Any]
    deadline_at: datetime
    reason: str
    tell: MessageType | None


def post_version(work: Work, by: str, row: ReferralRow, change: Change) -> IssueRow:
    """Issue the next version of a referral whose row is locked to all its recipients at once (R10).

    `by` is a person's id or audit.SYSTEM. What still waits of the earlier version is called back, so that nobody
    reads a deadline that holds no more. Raises ConflictError once the deadline has passed, InvalidInputError for the
    deadline or the reason.
    """
    standing = standing_of(work, row)
    before = standing.issue
    if before is None:
        raise ConflictError("This referral has not been issued yet. Change the draft.")
    check_changeable(standing.course, standing.terms, work.now)
    check_moved(change.deadline_at, standing.course, standing.terms, work.now)
    asked = work.session.scalars(select(RecipientRow.setting_id).where(RecipientRow.referral_id == row.id)).all()
    issue = IssueRow(
        id=new_id(),
        referral_id=row.id,
        version=before.version + 1,
        issued_at=work.now,
        issued_by=None if by == audit.SYSTEM else by,
        release_at=before.release_at,
        deadline_at=change.deadline_at,
        zone=before.zone,
        terms=before.terms,
        text=dict(change.text),
        hash=issue_hash(change.text, before.release_at, change.deadline_at, asked),
        reason=check_reason(change.reason),
    )
    work.session.add(issue)
    work.session.flush()
    _tell(work, row, issue, change.tell)
    _record(work, by, row, issue, asked)
    return issue


def _tell(work: Work, row: ReferralRow, issue: IssueRow, message: MessageType | None) -> None:
    """Tell everybody now, or at the release where that is still to come: then it is the alert itself that changes."""
    about = Subject("referral", row.id)
    cancel_messages(work, about=about, keys=(ALERT.key, REMINDER.key, CHANGED.key, MOVED.key), detail="new version")
    is_coming = issue.release_at > work.now
    if is_coming:
        tell_all(work, row, issue, ALERT, f"referrals.alert:{issue.id}")
    elif message is not None:
        tell_all(work, row, issue, message, f"{message.key}:{issue.id}")


def tell_all(work: Work, row: ReferralRow, issue: IssueRow, message: MessageType, dedupe: str) -> list[str]:
    """Queue one message, the same for all, to everybody who was asked; not before the release (R9)."""
    values = asked_values(issue.text, issue.deadline_at.isoformat(), row.id)
    return queue_messages(
        work,
        [
            NewMessage(
                type=message,
                values=values,
                person_id=person_id,
                dedupe_key=f"{dedupe}:{person_id}",
                not_before=issue.release_at,
                urgency=Urgency.URGENT,
                about=Subject("referral", row.id),
            )
            for person_id in everybody_asked(work.session, row.id)
        ],
    )


def _record(work: Work, by: str, row: ReferralRow, issue: IssueRow, asked: Sequence[str]) -> None:
    details = {
        "version": issue.version,
        "hash": issue.hash,
        "release_at": issue.release_at.isoformat(),
        "deadline_at": issue.deadline_at.isoformat(),
        "recipients": sorted(asked),
        KEPT: vouched(work.session, row.id, Record.VERSION, key=issue.id),
    }
    audit.record(work, actor=by, action="referrals.change", subject=("referral", row.id), details=details)
    publish(work, ReferralChanged(row.id, row.council_id, issue.version, issue.deadline_at.isoformat()))
