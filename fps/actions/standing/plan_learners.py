from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from fps.model.standing import NextStep
from fps.rules.standing import check_reference
from fps.tables import LeavingAnswerRow, LeavingLearnerRow, LeavingPlanRow
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with


@dataclass(frozen=True)
class PlanLearner:
    """One learner of a council at a setting that leaves, by a code of the council's own (A3)."""

    plan_id: str
    council_id: str
    reference: str
    next_step: NextStep
    due_on: date


def plan_learner(work: Work, actor: Actor, command: PlanLearner) -> str:
    """Put a learner of one's own council on a plan and return the line's id.

    Raises NotFoundError for another council's, ConflictError for one who stands there or a plan that has ended,
    InvalidInputError for reference or day.
    """
    answer = _answer(work, actor, command.plan_id, command.council_id)
    reference = check_reference(command.reference)
    if command.due_on < london_date(work.now):
        raise InvalidInputError("due_on", "Choose today or a day to come.")
    row = LeavingLearnerRow(
        id=new_id(),
        plan_id=command.plan_id,
        council_id=command.council_id,
        reference=reference,
        next_step=command.next_step,
        due_on=command.due_on,
        recorded_by=actor.id,
        recorded_at=work.now,
    )
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:
        raise ConflictError("A learner with this reference stands on your list already.") from None
    _count(work, answer)
    _record(work, actor, answer, "fps.plan_learner", line_id=row.id)
    return row.id


def settle_learner(work: Work, actor: Actor, plan_id: str, council_id: str, line_id: str) -> None:
    """Record that a learner's next step is done; a second press changes nothing. Raises NotFoundError."""
    answer = _answer(work, actor, plan_id, council_id)
    row = _line(work, answer, line_id)
    if row.done_on is None:
        row.done_on = london_date(work.now)
        _count(work, answer)
        _record(work, actor, answer, "fps.settle_learner", line_id=row.id)


def unlist_learner(work: Work, actor: Actor, plan_id: str, council_id: str, line_id: str) -> None:
    """Take a learner off the plan who was put there by mistake; raises NotFoundError."""
    answer = _answer(work, actor, plan_id, council_id)
    row = _line(work, answer, line_id)
    work.session.delete(row)
    _count(work, answer)
    _record(work, actor, answer, "fps.unlist_learner", line_id=line_id)


def answer_plan(work: Work, actor: Actor, plan_id: str, council_id: str) -> None:
    """Say that one's own council's list is complete, or that it has nobody there. Raises NotFoundError."""
    answer = _answer(work, actor, plan_id, council_id)
    if answer.answered_at is None:
        answer.answered_at, answer.answered_by = work.now, actor.id
        _record(work, actor, answer, "fps.answer_plan", learners=answer.learners)


def _answer(work: Work, actor: Actor, plan_id: str, council_id: str) -> LeavingAnswerRow:
    """Return what the actor's own council has told, held to the end of the work: whoever counts waits here."""
    if council_id not in organisations_with(actor, Permission.PLACEMENTS_PAUSE):
        raise NotFoundError
    row = work.session.get(LeavingAnswerRow, (plan_id, council_id), with_for_update=True)
    plan = work.session.get(LeavingPlanRow, plan_id)
    if row is None or plan is None:
        raise NotFoundError
    if plan.ended_at is not None:
        raise ConflictError("The setting has left, so that the plan cannot change any more.")
    return row


def _line(work: Work, answer: LeavingAnswerRow, line_id: str) -> LeavingLearnerRow:
    row = work.session.get(LeavingLearnerRow, line_id)
    if row is None or (row.plan_id, row.council_id) != (answer.plan_id, answer.council_id):
        raise NotFoundError
    return row


def _count(work: Work, answer: LeavingAnswerRow) -> None:
    work.session.flush()
    found = select(func.count(), func.count(LeavingLearnerRow.done_on)).where(
        LeavingLearnerRow.plan_id == answer.plan_id, LeavingLearnerRow.council_id == answer.council_id
    )
    answer.learners, answer.done = work.session.execute(found).one()


def _record(work: Work, actor: Actor, answer: LeavingAnswerRow, action: str, **facts: object) -> None:
    details = {"plan_id": answer.plan_id, "council_id": answer.council_id, **facts}
    audit.record(work, actor=actor.id, action=action, subject=("leaving_plan", answer.plan_id), details=details)
