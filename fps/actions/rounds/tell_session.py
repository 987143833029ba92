from __future__ import annotations

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Attachment, Subject
from channels.wording import MessageType
from fps.messages.rounds import CALLED_OFF, session_values
from fps.model.rounds import SessionCard
from fps.queries.round_sessions import places
from fps.rules.round_calendar import Method, entry_of, mime_of, write_calendar
from kernel.work import Work

_FILE = "session.ics"


def tell_session(work: Work, card: SessionCard, message_type: MessageType, dedupe: str) -> int:
    """Tell everybody who has a place in a session, with its calendar entry; return how many were told."""
    messages = [
        invitation(card, message_type, person_id, grant_id, f"{dedupe}:{contact_id}")
        for contact_id, person_id, grant_id, _ in places(work.session, card.id)
    ]
    return len(queue_messages(work, messages))


def invitation(
    card: SessionCard, message_type: MessageType, person_id: str, grant_id: str, dedupe: str | None = None
) -> NewMessage:
    """Return a message about a session to one of its guests."""
    is_off = message_type is CALLED_OFF
    off = {"session": card.title, "begins": card.starts_at.isoformat(), "reason": card.cancel_reason}
    method = Method.CANCEL if is_off else Method.PUBLISH
    text = write_calendar([entry_of(card)], method)
    return NewMessage(
        type=message_type,
        values=off if is_off else session_values(card, grant_id),
        person_id=person_id,
        dedupe_key=dedupe,
        about=Subject("round", card.round_id),
        attachments=(Attachment(_FILE, mime_of(method), text),),
    )
