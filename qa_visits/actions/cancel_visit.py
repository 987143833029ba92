from __future__ import annotations

from dataclasses import dataclass

from channels.actions.cancel_messages import cancel_messages
from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from kernel.audit import record
from kernel.errors import InvalidInputError
from kernel.events import publish
from kernel.work import Work
from people.model import Actor
from qa_visits.actions.find_visit import find_visit, step_forward
from qa_visits.actions.take_day import release_day
from qa_visits.actions.tell_provider import tell_provider
from qa_visits.actions.write_step import write_step
from qa_visits.events import VisitCancelled
from qa_visits.messages.to_officers import CANCELLED_OFFICER, cancelled_values
from qa_visits.messages.to_providers import CANCELLED
from qa_visits.model import VisitState
from qa_visits.queries import visit_card
from qa_visits.tables import VisitRow


@dataclass(frozen=True)
class CancelVisit:
    """A visit that will not be, and why."""

    visit_id: str
    reason: str


def cancel_visit(work: Work, actor: Actor, command: CancelVisit) -> None:
    """Cancel a visit that has not taken place; the officer and an invited provider are told.

    Raises NotFoundError for a visit that the actor's council does not plan, InvalidInputError without a reason,
    ConflictError for a visit that has ended.
    """
    row = find_visit(work, actor, command.visit_id)
    reason = command.reason.strip()
    if not reason:
        raise InvalidInputError("reason", "Say why the visit is cancelled.")
    step_forward(row, VisitState.CANCELLED)
    release_day(work, row)
    cancel_messages(work, about=Subject("visit", row.id), detail="the visit was cancelled")
    write_step(work, row.id, actor.id, "Cancelled", reason)
    record(work, actor=actor.id, action="qa_visits.cancel", subject=("visit", row.id))
    tell_provider(work, row, CANCELLED)
    publish(work, VisitCancelled(row.id, row.council_id, row.setting_id))
    if row.officer_id != actor.id:
        _tell_officer(work, row)


def _tell_officer(work: Work, row: VisitRow) -> None:
    message = NewMessage(
        person_id=row.officer_id,
        type=CANCELLED_OFFICER,
        values=cancelled_values(visit_card(work.session, row.id)),
        about=Subject("visit", row.id),
    )
    queue_messages(work, [message])
