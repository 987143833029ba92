from __future__ import annotations

from dataclasses import dataclass

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from kernel.audit import record
from kernel.errors import ConflictError
from kernel.work import Work
from people.model import Actor
from qa_visits.actions.find_visit import find_own_visit, step_forward
from qa_visits.actions.take_day import release_day
from qa_visits.actions.withdraw_proposal import withdraw_proposal
from qa_visits.actions.write_step import write_step
from qa_visits.messages.to_officers import PLANNER_DECLINED, cancelled_values
from qa_visits.model import VisitState
from qa_visits.queries import visit_card
from qa_visits.rules.states import why_stale
from qa_visits.tables import VisitRow


@dataclass(frozen=True)
class DeclineVisit:
    """A no to a proposed visit; the reason may be empty."""

    visit_id: str
    reason: str = ""


def decline_visit(work: Work, actor: Actor, command: DeclineVisit) -> None:
    """Decline a proposed visit: it ends, the day is free again and whoever proposed it is told.

    Raises ForbiddenError for somebody else's visit, ConflictError where it no longer waits for an answer.
    """
    row = find_own_visit(work, actor, command.visit_id)
    if row.state != VisitState.PROPOSED:
        raise ConflictError(why_stale(VisitState(row.state)))
    step_forward(row, VisitState.CANCELLED)
    withdraw_proposal(work, row.id)
    release_day(work, row)
    reason = command.reason.strip()
    write_step(work, row.id, actor.id, "Declined", reason)
    record(work, actor=actor.id, action="qa_visits.decline", subject=("visit", row.id))
    if row.proposed_by != actor.id:
        _tell_planner(work, row, reason or "none given")


def _tell_planner(work: Work, row: VisitRow, reason: str) -> None:
    message = NewMessage(
        person_id=row.proposed_by,
        type=PLANNER_DECLINED,
        values={**cancelled_values(visit_card(work.session, row.id)), "reason": reason},
        about=Subject("visit", row.id),
    )
    queue_messages(work, [message])
