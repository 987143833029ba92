from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from kernel import audit
from kernel.work import Work
from referrals.actions.find_referral import lock_referral, standing_of
from referrals.messages.asking import REMINDER, asked_values
from referrals.model import Reminder
from referrals.queries.providers import waiting_contacts
from referrals.rules.deadlines import due_reminder, reminder_times
from referrals.tables import ReminderRow


def remind_recipients(work: Work, referral_id: str) -> int:
    """Queue the reminder that is due, if one is, to everybody with no final response (R18); return how many.

    Doing it twice queues nothing twice.
    """
    row = lock_referral(work, referral_id)
    issue = standing_of(work, row).issue
    if issue is None or row.closed_at is not None:
        return 0
    times = reminder_times(issue.release_at, issue.deadline_at)
    sent = _sent(work, row.id, times)
    reminder = due_reminder(times, sent, issue.deadline_at, work.now)
    if reminder is None:
        return 0
    contacts = waiting_contacts(work.session, row.id)
    values = asked_values(issue.text, issue.deadline_at.isoformat(), row.id)
    work.session.merge(ReminderRow(referral_id=row.id, reminder=reminder, queued_at=work.now))
    work.session.flush()
    queued = queue_messages(
        work,
        [
            NewMessage(
                type=REMINDER,
                values=values,
                person_id=contact_id,
                dedupe_key=f"referrals.reminder:{issue.id}:{reminder}:{contact_id}",
                about=Subject("referral", row.id),
            )
            for contact_id in contacts
        ],
    )
    details = {"reminder": reminder, "people": len(contacts)}
    audit.record(work, actor=audit.SYSTEM, action="referrals.remind", subject=("referral", row.id), details=details)
    return len(queued)


def _sent(work: Work, referral_id: str, times: Mapping[Reminder, datetime]) -> frozenset[Reminder]:
    """Return which reminders have gone; the last day's counts only for the deadline that holds now (R10)."""
    rows = work.session.scalars(select(ReminderRow).where(ReminderRow.referral_id == referral_id)).all()
    gone = {Reminder(row.reminder): row.queued_at for row in rows}
    last = times.get(Reminder.LAST_DAY)
    if Reminder.LAST_DAY in gone and last is not None and gone[Reminder.LAST_DAY] < last:
        del gone[Reminder.LAST_DAY]
    return frozenset(gone)
