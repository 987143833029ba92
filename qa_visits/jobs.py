from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from channels.wording import MessageType
from kernel.audit import SYSTEM
from kernel.calendar import london_date
from kernel.timetable import DailyAt, Job
from kernel.work import Ground, Work
from qa_visits.actions.write_step import write_step
from qa_visits.messages.on_actions import (
    ACTION_DUE_TODAY,
    ACTION_OVERDUE,
    ACTION_REMINDER,
    action_values,
    own_action_path,
)
from qa_visits.model import ActionCard
from qa_visits.queries import action_cards, figures
from qa_visits.rules.chasers import Chaser, chaser_to_send, next_chaser
from qa_visits.tables import ActionRow

BATCH = 500


def chase_actions(ground: Ground, slot: datetime) -> None:
    """Remind the owners of improvement actions whose chaser is due on the slot's day (-10/-3/0/+1/+5 WD).

    Works in batches, one transaction each, so that memory stays the same however many are due; a batch that is done
    is no longer found. Of chasers that were missed only the latest goes out.
    """
    today = london_date(slot)
    while True:
        with ground.work() as work:
            if not _chase_batch(work, today):
                return


def _chase_batch(work: Work, today: date) -> int:
    due = (
        select(ActionRow)
        .where(ActionRow.next_chaser_on <= today)
        .order_by(ActionRow.next_chaser_on, ActionRow.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = work.session.scalars(due).all()
    offsets_wd = figures(work.session).chaser_offsets_wd
    cards = {card.id: card for card in action_cards(work.session, rows, today)}
    messages = [message for row in rows if (message := _chase(work, row, cards[row.id], offsets_wd, today))]
    if messages:
        queue_messages(work, messages)
    return len(rows)


def _chase(work: Work, row: ActionRow, card: ActionCard, offsets_wd: Sequence[int], today: date) -> NewMessage | None:
    """Move the action on to its next chaser and return the one to send now."""
    first = row.next_chaser_on or today
    chaser = chaser_to_send(row.due_on, offsets_wd, first=first, today=today)
    following = next_chaser(row.due_on, offsets_wd, after=today)
    row.next_chaser_on = following.day if following else None
    if chaser is None:
        return None
    write_step(work, row.id, SYSTEM, "Reminder sent", _when(chaser))
    return NewMessage(
        person_id=row.owner_id,
        type=_wording(row.due_on, today),
        values=action_values(card, own_action_path(row.id)),
        dedupe_key=f"chase:{row.id}:{chaser.offset_wd}",
        about=Subject("improvement_action", row.id),
    )


def _wording(due_on: date, today: date) -> MessageType:
    """What holds on the day of sending counts, which after missed days is not that of the chaser."""
    if today < due_on:
        return ACTION_REMINDER
    return ACTION_DUE_TODAY if today == due_on else ACTION_OVERDUE


def _when(chaser: Chaser) -> str:
    count = abs(chaser.offset_wd)
    if not count:
        return "On the due date."
    days = "working day" if count == 1 else "working days"
    return f"{count} {days} {'before' if chaser.offset_wd < 0 else 'after'} the due date."


JOBS: tuple[Job, ...] = (Job(name="qa_visits.chase_actions", when=DailyAt(9, 0), run=chase_actions),)
