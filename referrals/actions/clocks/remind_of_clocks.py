from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from channels.actions.queue_messages import NewMessage, queue_messages
from kernel.calendar import london_date
from kernel.work import Work
from referrals.messages.clocks import CLOCK_DUE, CLOCK_MISSED
from referrals.rules.clocks import REMIND_BEFORE_DAYS, reminder_stage
from referrals.tables import ClockRow, ClockStepRow

_LAST_STAGE = len(REMIND_BEFORE_DAYS) + 1


def remind_of_clocks(work: Work, *, limit: int = 500) -> int:
    """Queue the reminders of steps that have come due, one a step, to whoever keeps the clock; return how many.

    Days before the last one, and once the day after it. After a pause only the newest goes; doing it twice, nothing.
    """
    today = london_date(work.now)
    soon = today + timedelta(days=max(REMIND_BEFORE_DAYS))
    due = (
        select(ClockStepRow, ClockRow.owner_id)
        .join(ClockRow, ClockRow.id == ClockStepRow.clock_id)
        .where(
            ClockStepRow.done_on.is_(None),
            ClockStepRow.due_on <= soon,
            ClockStepRow.reminded < _LAST_STAGE,
            ClockRow.stopped_on.is_(None),
        )
        .order_by(ClockStepRow.due_on, ClockStepRow.clock_id, ClockStepRow.step)
        .with_for_update(of=ClockStepRow)
    )
    messages: list[NewMessage] = []
    for row, owner_id in work.session.execute(due).all():
        stage = reminder_stage(row.due_on, today)
        if stage > row.reminded and len(messages) < limit:
            row.reminded = stage
            messages.append(_message(row, owner_id, stage))
    work.session.flush()
    return len(queue_messages(work, messages))


def _message(row: ClockStepRow, owner_id: str, stage: int) -> NewMessage:
    return NewMessage(
        type=CLOCK_MISSED if stage == _LAST_STAGE else CLOCK_DUE,
        values={"day": row.due_on.isoformat(), "link": f"/commissioning/clocks/{row.clock_id}"},
        person_id=owner_id,
        dedupe_key=f"referrals.clock:{row.clock_id}:{row.step}:{stage}",
    )
