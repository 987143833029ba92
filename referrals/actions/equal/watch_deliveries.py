from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from kernel import audit
from kernel.work import Work
from referrals.actions.equal.post_version import Change, post_version
from referrals.actions.find_referral import lock_referral, standing_of
from referrals.messages.equal import MOVED, NOT_REACHED
from referrals.model import Phase
from referrals.queries.courses import Standing
from referrals.queries.owners import owners_of
from referrals.queries.reaching import missing_of
from referrals.rules.reaching import later_deadline, repair_by
from referrals.tables import AlarmRow, IssueRow, ReferralRow

_REASON = "Not everybody who was asked could be told in time. Everybody who was asked gets the same later deadline."


def watch_deliveries(work: Work, referral_id: str) -> None:
    """See whom a referral that is out has not reached: tell its owner, and give all more time if nothing helps (R12).

    Doing it twice does nothing twice. What was not reached and is now is put down as repaired.
    """
    row = lock_referral(work, referral_id)
    standing = standing_of(work, row)
    issue = standing.issue
    if issue is None or standing.phase(work.now) is not Phase.OPEN or not standing.route.is_competitive:
        return
    missing = missing_of(work.session, issue, work.now)
    open_alarms = _open_alarms(work, row.id)
    _repair(work, row, [alarm for alarm in open_alarms if alarm.recipient_id not in missing.all])
    left = [alarm for alarm in open_alarms if alarm.recipient_id in missing.all]
    new = sorted(missing.hopeless - {alarm.recipient_id for alarm in left})
    if new:
        _alarm(work, row, standing, issue, new)
    due = [
        alarm
        for alarm in left
        if alarm.extended_at is None and work.now >= repair_by(alarm.found_at, issue.deadline_at, standing.terms)
    ]
    if due:
        _extend(work, row, standing, issue, left)


def _open_alarms(work: Work, referral_id: str) -> Sequence[AlarmRow]:
    rows = select(AlarmRow).where(AlarmRow.referral_id == referral_id, AlarmRow.repaired_at.is_(None))
    return work.session.scalars(rows.order_by(AlarmRow.recipient_id)).all()


def _repair(work: Work, row: ReferralRow, alarms: Collection[AlarmRow]) -> None:
    for alarm in alarms:
        alarm.repaired_at = work.now
    if alarms:
        details = {"recipients": sorted(alarm.recipient_id for alarm in alarms)}
        audit.record(
            work, actor=audit.SYSTEM, action="referrals.reached", subject=("referral", row.id), details=details
        )


def _alarm(work: Work, row: ReferralRow, standing: Standing, issue: IssueRow, new: list[str]) -> None:
    known = select(AlarmRow).where(AlarmRow.issue_id == issue.id, AlarmRow.recipient_id.in_(new))
    again = {alarm.recipient_id: alarm for alarm in work.session.scalars(known)}
    for recipient_id in new:
        if recipient_id in again:
            again[recipient_id].found_at, again[recipient_id].repaired_at = work.now, None
        else:
            alarm = AlarmRow(issue_id=issue.id, recipient_id=recipient_id, referral_id=row.id, found_at=work.now)
            work.session.add(alarm)
    work.session.flush()
    details = {"version": issue.version, "recipients": new}
    audit.record(
        work, actor=audit.SYSTEM, action="referrals.not_reached", subject=("referral", row.id), details=details
    )
    until = repair_by(work.now, issue.deadline_at, standing.terms)
    values = {
        "reference": row.reference,
        "count": len(new),
        "until": until.isoformat(),
        "link": f"/commissioning/referrals/{row.id}/fairness",
    }
    messages = [
        NewMessage(
            type=NOT_REACHED,
            values=values,
            person_id=person_id,
            dedupe_key=f"{NOT_REACHED.key}:{issue.id}:{work.now.isoformat()}:{person_id}",
            about=Subject("referral", row.id),
        )
        for person_id in owners_of(work.session, row.id)
    ]
    queue_messages(work, messages)


def _extend(work: Work, row: ReferralRow, standing: Standing, issue: IssueRow, alarms: Collection[AlarmRow]) -> None:
    """Move the deadline once for all that could not be reached: one of them alone never moves it again and again."""
    later = later_deadline(issue.deadline_at, standing.terms, work.now)
    post_version(work, audit.SYSTEM, row, Change(issue.text, later, _REASON, MOVED))
    for alarm in alarms:
        alarm.extended_at = alarm.extended_at or work.now
    work.session.flush()
