from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from fps.actions.evidence.tell_recheck import tell_owing
from fps.messages.evidence import RECHECK_CHASER
from fps.rules.evidence import chaser_to_send, next_chaser_on
from fps.tables import RecheckRow
from kernel.calendar import london_date
from kernel.work import Ground


def chase_rechecks(ground: Ground, slot: datetime) -> None:
    """Remind the providers that owe answers in a yearly re-check whose chaser is due on the slot's London day.

    Of chasers that were missed only the latest goes out.
    """
    today = london_date(slot)
    with ground.read() as session:
        due = session.scalars(select(RecheckRow.id).where(RecheckRow.next_chaser_on <= today)).all()
    for recheck_id in due:
        with ground.work() as work:
            found = select(RecheckRow).where(RecheckRow.id == recheck_id, RecheckRow.next_chaser_on <= today)
            row = work.session.scalars(found.with_for_update()).first()
            if row is None:
                continue
            offset_wd = chaser_to_send(row.due_on, today)
            row.next_chaser_on = next_chaser_on(row.due_on, today)
            if offset_wd is not None:
                tell_owing(work, row.id, row.due_on, RECHECK_CHASER, str(offset_wd))
