from __future__ import annotations

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from channels.wording import MessageType
from kernel.events import publish
from kernel.work import Work
from people.model import Actor
from qa_visits.actions.find_visit import step_forward
from qa_visits.actions.tell_provider import tell_provider
from qa_visits.actions.withdraw_proposal import withdraw_proposal
from qa_visits.actions.write_step import write_step
from qa_visits.events import VisitBooked
from qa_visits.messages.to_officers import PLANNER_BOOKED, visit_values
from qa_visits.messages.to_providers import INVITATION
from qa_visits.model import VisitState
from qa_visits.queries import visit_card
from qa_visits.rules.wording import day_label
from qa_visits.tables import VisitRow


def book_visit(work: Work, actor: Actor, row: VisitRow) -> None:
    """Book a visit that its officer has agreed to, and tell everybody whom it concerns."""
    step_forward(row, VisitState.BOOKED)
    withdraw_proposal(work, row.id)
    write_step(work, row.id, actor.id, "Booked", f"For {day_label(row.day)}.")
    announce_day(work, actor, row, INVITATION)


def announce_day(work: Work, actor: Actor, row: VisitRow, message_type: MessageType) -> None:
    """Tell the provider, whoever proposed the visit, and the other rooms of the house which day now holds."""
    tell_provider(work, row, message_type)
    publish(work, VisitBooked(row.id, row.council_id, row.setting_id, row.day.isoformat()))
    if row.proposed_by == actor.id:
        return
    message = NewMessage(
        person_id=row.proposed_by,
        type=PLANNER_BOOKED,
        values=visit_values(visit_card(work.session, row.id)),
        about=Subject("visit", row.id),
    )
    queue_messages(work, [message])
