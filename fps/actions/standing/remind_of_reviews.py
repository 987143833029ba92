from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from fps.messages.standing import REVIEW_DUE, staff_path
from fps.model import SettingCard
from fps.queries import settings_by_id
from fps.tables import CouncilPauseRow, SuspensionRow
from kernel.calendar import add_working_days, is_working_day, london_date
from kernel.work import Ground, Work
from people.model import Role
from people.queries import persons_with_role

_AHEAD_WD = 2
_BATCH = 200
_Row = SuspensionRow | CouncilPauseRow


def remind_deciders(ground: Ground, slot: datetime) -> None:
    """Remind of the reviews of suspensions and pauses: 2 working days ahead, then each working day from the day on.

    Everybody who may review them is told, once a day. Works in batches, one transaction each.
    """
    today = london_date(slot)
    if not is_working_day(today):
        return
    for due in (_suspensions, _pauses):
        after = ""
        while True:
            with ground.work() as work:
                rows = due(work, today, after)
                _remind(work, rows, today)
            if len(rows) < _BATCH:
                break
            after = rows[-1].id


def _suspensions(work: Work, today: date, after: str) -> Sequence[_Row]:
    row = SuspensionRow
    in_force = row.ended_at.is_(None) & row.effective_on.is_not(None)
    found = select(row).where(in_force, _is_due(row.review_on, today), row.id > after)
    return work.session.scalars(found.order_by(row.id).limit(_BATCH)).all()


def _pauses(work: Work, today: date, after: str) -> Sequence[_Row]:
    row = CouncilPauseRow
    found = select(row).where(row.until.is_(None), _is_due(row.review_on, today), row.id > after)
    return work.session.scalars(found.order_by(row.id).limit(_BATCH)).all()


def _is_due(
    review_on: InstrumentedAttribute[date] | InstrumentedAttribute[date | None], today: date
) -> ColumnElement[bool]:
    return or_(review_on == add_working_days(today, _AHEAD_WD), review_on <= today)


def _who(row: _Row) -> Role:
    return Role.LEAD_AUTHORITY if isinstance(row, SuspensionRow) else Role.COMMISSIONER


def _remind(work: Work, rows: Sequence[_Row], today: date) -> None:
    settings = settings_by_id(work.session, {row.setting_id for row in rows})
    messages = [
        _message(row, settings[row.setting_id], person.id, today)
        for row in rows
        for person in persons_with_role(work.session, _who(row), row.council_id)
    ]
    if messages:
        queue_messages(work, messages)


def _message(row: _Row, card: SettingCard, person_id: str, today: date) -> NewMessage:
    due = row.review_on or today
    return NewMessage(
        person_id=person_id,
        type=REVIEW_DUE,
        values={"setting": card.name, "day": due.isoformat(), "link": staff_path(card.id)},
        dedupe_key=f"review:{row.id}:{today}:{person_id}",
        about=Subject("setting", card.id),
    )
