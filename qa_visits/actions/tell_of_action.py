from __future__ import annotations

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from channels.wording import MessageType
from kernel.calendar import london_date
from kernel.work import Work
from qa_visits.messages.on_actions import action_path, action_values, own_action_path
from qa_visits.queries import action_card
from qa_visits.tables import ActionRow


def tell_of_action(work: Work, row: ActionRow, person_id: str, message_type: MessageType, **more: object) -> None:
    """Tell the action's owner or the council's officer; `more` are values beyond those of every such message."""
    card = action_card(work.session, row.id, today=london_date(work.now))
    path = own_action_path(row.id) if person_id == row.owner_id else action_path(row.id)
    message = NewMessage(
        person_id=person_id,
        type=message_type,
        values={**action_values(card, path), **more},
        about=Subject("improvement_action", row.id),
    )
    queue_messages(work, [message])
