from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from channels.actions.queue_messages import NewMessage, queue_messages
from kernel.calendar import london_date
from kernel.work import Work
from people.model import OrganisationKind, Role
from people.queries import organisations, persons_with_role
from referrals.messages.clocks import NOTICE_DUE
from referrals.model.notices import NoticeDuty, NoticeState
from referrals.queries.notices import duties_of
from referrals.rules.notices import reminder_stage
from referrals.tables import NoticeReminderRow


def remind_of_notices(work: Work) -> int:
    """Queue the reminders of notices that have come due, to each commissioner of the council; return how many.

    Doing it twice queues nothing twice; after a pause only the newest goes.
    """
    today = london_date(work.now)
    councils = [card.id for card in organisations(work.session, OrganisationKind.COUNCIL)]
    done = {
        (row.council_id, row.key, row.stage)
        for row in work.session.scalars(select(NoticeReminderRow).where(NoticeReminderRow.council_id.in_(councils)))
    }
    count = 0
    for duty in duties_of(work.session, councils, today):
        stage = reminder_stage(duty.due_on, today)
        is_told = (duty.council_id, duty.key, stage) in done
        if stage and duty.state(today) is not NoticeState.COLLECTING and not is_told:
            count += _remind(work, duty, stage)
    return count


def _remind(work: Work, duty: NoticeDuty, stage: int) -> int:
    row = NoticeReminderRow(council_id=duty.council_id, key=duty.key, stage=stage, queued_at=work.now)
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:
        return 0  # somebody else has just queued them
    people = persons_with_role(work.session, Role.COMMISSIONER, duty.council_id)
    messages = [
        NewMessage(
            type=NOTICE_DUE,
            values={"day": duty.due_on.isoformat(), "link": f"/commissioning/notices/{duty.key}"},
            person_id=card.id,
            dedupe_key=f"referrals.notice:{duty.council_id}:{duty.key}:{stage}:{card.id}",
        )
        for card in people
    ]
    return len(queue_messages(work, messages))
