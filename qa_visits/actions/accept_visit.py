from __future__ import annotations

from kernel.audit import record
from kernel.work import Work
from people.model import Actor
from qa_visits.actions.book_visit import book_visit
from qa_visits.actions.find_visit import find_own_visit, step_forward
from qa_visits.actions.take_day import check_day
from qa_visits.actions.write_step import write_step
from qa_visits.model import VisitState


def accept_visit(work: Work, actor: Actor, visit_id: str) -> None:
    """Accept a proposed visit on its day, which books it.

    Raises ForbiddenError for somebody else's visit, ConflictError where it no longer waits for an answer, and
    InvalidInputError where the day has come too near meanwhile for the provider's notice.
    """
    row = find_own_visit(work, actor, visit_id)
    step_forward(row, VisitState.ACCEPTED)
    check_day(work, row, row.day)
    write_step(work, row.id, actor.id, "Accepted")
    record(work, actor=actor.id, action="qa_visits.accept", subject=("visit", row.id))
    book_visit(work, actor, row)
