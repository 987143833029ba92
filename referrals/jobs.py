from __future__ import annotations

from datetime import datetime

from kernel.calendar import london_date
from kernel.timetable import DailyAt, Every, Job
from kernel.work import Ground
from referrals.actions.clocks.remind_of_clocks import remind_of_clocks
from referrals.actions.equal.watch_deliveries import watch_deliveries
from referrals.actions.notices.remind_of_notices import remind_of_notices
from referrals.actions.placements.keep_placements import keep_placements
from referrals.actions.remind_recipients import remind_recipients
from referrals.actions.statistics.publish_statistics import publish_statistics
from referrals.queries.providers import open_referral_ids


def send_reminders(ground: Ground, _slot: datetime) -> None:
    """Queue every reminder that has come due, referral by referral (R18)."""
    with ground.read() as session:
        referral_ids = open_referral_ids(session, ground.clock.now())
    for referral_id in referral_ids:
        with ground.work() as work:
            remind_recipients(work, referral_id)


def watch_alerts(ground: Ground, _slot: datetime) -> None:
    """See of each referral that is out whom it has not reached (R12)."""
    with ground.read() as session:
        referral_ids = open_referral_ids(session, ground.clock.now())
    for referral_id in referral_ids:
        with ground.work() as work:
            watch_deliveries(work, referral_id)


def remind_of_days(ground: Ground, _slot: datetime) -> None:
    """Remind whoever keeps a statutory clock of steps that fall due, and of those that are past their day (R19)."""
    with ground.work() as work:
        remind_of_clocks(work)


def look_after_placements(ground: Ground, slot: datetime) -> None:
    """End placements that are over, and call to mind their reviews and what outlasts its framework (R28, C4)."""
    keep_placements(ground, london_date(slot))


def remind_of_drafts(ground: Ground, _slot: datetime) -> None:
    """Remind commissioners of procurement notices that fall due (R38)."""
    with ground.work() as work:
        remind_of_notices(work)


def publish_figures(ground: Ground, _slot: datetime) -> None:
    """Publish reach and gaps of the quarter that has ended, once (R39)."""
    with ground.work() as work:
        publish_statistics(work)


JOBS: tuple[Job, ...] = (
    Job("referrals.send_reminders", Every(minutes=5), send_reminders),
    Job("referrals.watch_alerts", Every(minutes=5), watch_alerts),
    Job("referrals.remind_of_clocks", DailyAt(8, 30), remind_of_days),
    Job("referrals.remind_of_notices", DailyAt(8, 40), remind_of_drafts),
    Job("referrals.publish_statistics", DailyAt(0, 50), publish_figures),
    Job("referrals.look_after_placements", DailyAt(7), look_after_placements),
)
