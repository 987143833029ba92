from __future__ import annotations

from sqlalchemy import select

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Channel, Subject
from kernel.work import Work
from surveys.actions.record_answer import record_answer
from surveys.events import ConversationInterrupted
from surveys.rules.state import AsideOver
from surveys.tables import SessionRow


def resume_conversation(work: Work, event: ConversationInterrupted) -> None:
    """Ask the open question again after somebody else has answered what came in between.

    Runs as a reaction, after the transaction in which the other answer was queued, so that the question comes
    second. The same event twice asks once.
    """
    taken = record_answer(work, event.session_id, AsideOver(work.now), Channel.WEB)
    person_id = work.session.scalars(select(SessionRow.person_id).where(SessionRow.id == event.session_id)).one()
    queue_messages(
        work,
        [
            NewMessage(
                telling.type,
                telling.values,
                person_id=person_id,
                contact_point_id=event.contact_point_id,
                dedupe_key=f"surveys.resume:{event.inbound_id}:{telling.type.key}",
                about=Subject("survey", taken.survey_id),
                ordered=True,
            )
            for telling in taken.tellings
        ],
    )
