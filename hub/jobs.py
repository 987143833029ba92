from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from hub.actions.run_retention import run_retention
from hub.actions.tell_of_request import remind_handlers
from hub.retention import Periods, periods
from hub.rights_messages import LOG_BROKEN
from kernel.calendar import london_date
from kernel.timetable import DailyAt, Job
from kernel.work import Ground
from people.actions.check_audit import check_audit
from people.model import Role
from people.queries import persons_with_role
from people.rights.model import AuditCheck


def remind_of_requests(ground: Ground, slot: datetime) -> None:
    """Remind those who handle rights requests that are due soon or late."""
    with ground.work() as work:
        remind_handlers(work, london_date(slot))


def keep_schedule(ground: Ground, _slot: datetime) -> None:
    """Let go what the retention schedule no longer keeps."""
    run_retention(ground, periods({}))


def verify_log(ground: Ground, slot: datetime) -> None:
    """Walk the audit log's chain, and alarm the administrators and auditors if it does not hold."""
    found = check_audit(ground)
    if found.broken_at is not None:
        alarm(ground, found, london_date(slot).isoformat())


def alarm(ground: Ground, found: AuditCheck, key: str) -> None:
    """Tell every administrator and auditor that the log is broken, once for a `key`."""
    with ground.work() as work:
        told = {
            person.id for role in (Role.ADMINISTRATOR, Role.AUDITOR) for person in persons_with_role(work.session, role)
        }
        queue_messages(
            work,
            [
                NewMessage(
                    LOG_BROKEN,
                    {"count": found.broken_at, "link": "/audit"},
                    person_id=person_id,
                    dedupe_key=f"log_broken:{key}:{person_id}",
                    about=Subject("audit", str(found.broken_at)),
                )
                for person_id in sorted(told)
            ],
        )


_RETENTION = Job("hub.keep_schedule", DailyAt(2, 30), keep_schedule)
JOBS: tuple[Job, ...] = (
    _RETENTION,
    Job("hub.verify_log", DailyAt(3, 30), verify_log),
    Job("hub.remind_of_requests", DailyAt(8, 30), remind_of_requests),
)


def with_periods(jobs: Sequence[Job], kept: Periods) -> list[Job]:
    """Return the jobs with the retention schedule as the settings have it."""

    def run(ground: Ground, _slot: datetime) -> None:
        run_retention(ground, kept)

    return [replace(job, run=run) if job is _RETENTION else job for job in jobs]
