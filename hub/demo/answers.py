"""What belongs to answers in the demo: a calendar link, and a recorded fault of the hub."""

from __future__ import annotations

from datetime import timedelta

from hub.demo.cast import Cast
from kernel.work import Work
from people.queries import person
from referrals.actions.answers.keep_calendar import open_calendar
from referrals.actions.answers.record_fault import RecordFault, record_fault


def seed(work: Work, cast: Cast) -> None:
    """Let a provider's user keep a calendar link, and record an hour in which the hub could not be reached."""
    open_calendar(work, person(work.session, cast.providers[0][1]))
    began = work.now - timedelta(days=20)
    command = RecordFault(began, began + timedelta(hours=1), "No page was served. The monitoring log shows it.")
    record_fault(work, person(work.session, cast.administrator_id), command)
