from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from fps.messages.applications import EVALUATE_REMINDER
from fps.model.applications import ApplicationState
from fps.queries.rounds import joining_rounds
from fps.tables import ApplicationRow, EvaluatorRow
from kernel import audit
from kernel.calendar import add_working_days, is_working_day, london_date, start_of_day
from kernel.work import Ground, Work

AFTER_WD = 5
"""Working days between two reminders, and before the first [own]."""


def remind_evaluators(ground: Ground, slot: datetime) -> None:
    """Remind everybody who has applications to evaluate, one message a round, every 5 working days."""
    if not is_working_day(london_date(slot)):
        return
    with ground.work() as work:
        _remind(work, start_of_day(add_working_days(london_date(slot), 1 - AFTER_WD)))


def _remind(work: Work, before: datetime) -> None:
    rows = _due(work, before)
    applications = select(ApplicationRow.id, ApplicationRow.round_id).where(
        ApplicationRow.id.in_([row.application_id for row in rows])
    )
    round_of = dict(work.session.execute(applications).all())
    waiting: dict[tuple[str, str], int] = {}
    for row in rows:
        row.reminded_at = work.now
        key = (round_of[row.application_id], row.person_id)
        waiting[key] = waiting.get(key, 0) + 1
    if waiting:
        queue_messages(work, _messages(work, waiting))
        details = {"people": len({person_id for _, person_id in waiting}), "applications": len(rows)}
        audit.record(
            work, actor=audit.SYSTEM, action="fps.remind_evaluators", subject=("rounds", "all"), details=details
        )


def _due(work: Work, before: datetime) -> Sequence[EvaluatorRow]:
    due = (
        select(EvaluatorRow)
        .join(ApplicationRow, ApplicationRow.id == EvaluatorRow.application_id)
        .where(
            ApplicationRow.state == ApplicationState.SUBMITTED,
            EvaluatorRow.finished_at.is_(None),
            or_(EvaluatorRow.has_conflict.is_(None), EvaluatorRow.has_conflict.is_(False)),
            func.coalesce(EvaluatorRow.reminded_at, EvaluatorRow.named_at) < before,
        )
        .order_by(EvaluatorRow.application_id, EvaluatorRow.person_id)
        .with_for_update(of=EvaluatorRow, skip_locked=True)
    )
    return work.session.scalars(due).all()


def _messages(work: Work, waiting: Mapping[tuple[str, str], int]) -> list[NewMessage]:
    """Return one message a person and round, with how many applications wait."""
    rounds = joining_rounds(work.session, {round_id for round_id, _ in waiting})
    return [
        NewMessage(
            type=EVALUATE_REMINDER,
            values={
                "round": rounds[round_id].title,
                "count": count,
                "decide_by": rounds[round_id].decide_by.isoformat(),
                "link": f"/register/applications/rounds/{round_id}",
            },
            person_id=person_id,
            about=Subject("round", round_id),
        )
        for (round_id, person_id), count in sorted(waiting.items())
    ]
