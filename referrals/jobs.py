from __future__ import annotations

from datetime import datetime

from kernel.timetable import Every, Job
from kernel.work import Ground
from referrals.actions.remind_recipients import remind_recipients
from referrals.queries.providers import open_referral_ids


def send_reminders(ground: Ground, _slot: datetime) -> None:
    """Queue every reminder that has come due, referral by referral (R18)."""
    with ground.read() as session:
        referral_ids = open_referral_ids(session, ground.clock.now())
    for referral_id in referral_ids:
        with ground.work() as work:
            remind_recipients(work, referral_id)


JOBS: tuple[Job, ...] = (Job("referrals.send_reminders", Every(minutes=5), send_reminders),)
