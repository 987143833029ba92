from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kernel.audit import record
from kernel.errors import ConflictError, InvalidInputError
from kernel.work import Work
from people.model import Actor
from qa_visits.actions.book_visit import announce_day, book_visit
from qa_visits.actions.find_visit import find_own_visit, step_forward
from qa_visits.actions.take_day import check_day, take_day
from qa_visits.actions.write_step import write_step
from qa_visits.messages.to_providers import INVITATION_MOVED
from qa_visits.model import VisitState
from qa_visits.rules.states import may_move, why_stale
from qa_visits.rules.wording import day_label
from qa_visits.tables import VisitRow


@dataclass(frozen=True)
class OfferDay:
    """Another day for a visit, from its officer."""

    visit_id: str
    day: date


def offer_day(work: Work, actor: Actor, command: OfferDay) -> None:
    """Move a visit to another day that its officer offers.

    A proposed visit is booked for that day: it passes the same checks as a proposed day, so that no second yes is
    needed. A booked one moves, and the provider gets the new invitation. Raises ForbiddenError for somebody else's
    visit, ConflictError where it can no longer move or the officer has a visit, InvalidInputError for a day that
    does not fit.
    """
    row = find_own_visit(work, actor, command.visit_id)
    if not may_move(VisitState(row.state)):
        raise ConflictError(why_stale(VisitState(row.state)))
    if command.day == row.day:
        raise InvalidInputError("day", "The visit already has that day. Choose another.")
    check_day(work, row, command.day)
    before = row.day
    take_day(work, row, command.day)
    record(
        work,
        actor=actor.id,
        action="qa_visits.offer_day",
        subject=("visit", row.id),
        details={"from": before.isoformat(), "to": row.day.isoformat()},
    )
    _go_on(work, actor, row, f"{day_label(row.day)} instead of {day_label(before)}.")


def _go_on(work: Work, actor: Actor, row: VisitRow, note: str) -> None:
    if row.state == VisitState.BOOKED:
        write_step(work, row.id, actor.id, "Moved", note)
        announce_day(work, actor, row, INVITATION_MOVED)
        return
    step_forward(row, VisitState.OTHER_DAY_OFFERED)
    write_step(work, row.id, actor.id, "Another day offered", note)
    book_visit(work, actor, row)
