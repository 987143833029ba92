from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import or_, select

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from channels.wording import MessageType
from fps.messages.standing import LEARNERS_DUE, LEAVING_DUE, staff_path
from fps.queries import setting
from fps.rules.standing import is_plan_chased
from fps.tables import LeavingAnswerRow, LeavingPlanRow
from kernel.calendar import is_working_day, london_date
from kernel.work import Ground, Work
from people.model import Role
from people.queries import persons_with_role


def remind_of_plans(ground: Ground, slot: datetime) -> None:
    """Remind councils that owe an answer for a plan by which a setting leaves.

    From the planned day on also those whose listed next steps are not done, and the lead authority. Each plan is a
    transaction of its own.
    """
    today = london_date(slot)
    if not is_working_day(today):
        return
    with ground.read() as session:
        under_way = select(LeavingPlanRow.id).where(LeavingPlanRow.ended_at.is_(None)).order_by(LeavingPlanRow.id)
        plan_ids = session.scalars(under_way).all()
    for plan_id in plan_ids:
        with ground.work() as work:
            _remind(work, plan_id, today)


def _remind(work: Work, plan_id: str, today: date) -> None:
    plan = work.session.get_one(LeavingPlanRow, plan_id)
    if plan.ended_at is not None or not is_plan_chased(london_date(plan.recorded_at), plan.leaves_on, today):
        return
    for council_id in _owing(work, plan, today):
        _tell(work, plan, LEARNERS_DUE, (Role.COMMISSIONER, council_id), today)
    if plan.leaves_on <= today:
        _tell(work, plan, LEAVING_DUE, (Role.LEAD_AUTHORITY, plan.council_id), today)


def _owing(work: Work, plan: LeavingPlanRow, today: date) -> Sequence[str]:
    row = LeavingAnswerRow
    is_owing = [row.answered_at.is_(None), *([row.done < row.learners] if plan.leaves_on <= today else [])]
    found = select(row.council_id).where(row.plan_id == plan.id, or_(*is_owing))
    return work.session.scalars(found.order_by(row.council_id)).all()


def _tell(work: Work, plan: LeavingPlanRow, message: MessageType, whom: tuple[Role, str], today: date) -> None:
    card = setting(work.session, plan.setting_id)
    values = {"setting": card.name, "day": plan.leaves_on.isoformat(), "link": staff_path(card.id)}
    people: Iterable[str] = (person.id for person in persons_with_role(work.session, *whom))
    told = [
        NewMessage(
            message,
            values,
            person_id=person_id,
            dedupe_key=f"{message.key}:{plan.id}:{today}:{person_id}",
            about=Subject("setting", card.id),
        )
        for person_id in people
    ]
    if told:
        queue_messages(work, told)
