from __future__ import annotations

from sqlalchemy import select

from channels.actions.pass_to_person import SAFEGUARDING
from channels.actions.queue_messages import NewMessage, queue_messages
from channels.messages import ANSWER_FROM_PERSON, ANSWER_TO_WORRY
from channels.model import Subject, Urgency
from channels.tables import QueueItemRow
from kernel import audit
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.work import Work
from people.model import Actor

LONGEST_ANSWER = 900


def answer_queue_item(work: Work, actor: Actor, item_id: str, answer: str) -> None:
    """Answer a question, or a worry, through the channel from which it came; a worry at any hour (V12).

    Raises NotFoundError, ConflictError if a colleague was first, InvalidInputError for an empty or overlong answer.
    """
    text = answer.strip()
    if not text:
        raise InvalidInputError("answer", "Write an answer.")
    if len(text) > LONGEST_ANSWER:
        raise InvalidInputError("answer", "Use at most {most} characters: it may go out as SMS.", most=LONGEST_ANSWER)
    item = _close(work, actor, item_id)
    item.answer = text
    queue_messages(
        work,
        [
            NewMessage(
                type=ANSWER_TO_WORRY if item.queue == SAFEGUARDING else ANSWER_FROM_PERSON,
                values={"answer": text},
                person_id=item.person_id,
                contact_point_id=item.contact_point_id,
                dedupe_key=f"answer:{item.id}",
                urgency=Urgency.URGENT,
                about=Subject("question", item.id),
                ordered=True,
            )
        ],
    )
    audit.record(work, actor=actor.id, action="channels.answer_question", subject=("question", item.id))


def close_queue_item(work: Work, actor: Actor, item_id: str) -> None:
    """Close a question that needs no answer; raises NotFoundError, or ConflictError if a colleague was first."""
    _close(work, actor, item_id)
    audit.record(work, actor=actor.id, action="channels.close_question", subject=("question", item_id))


def _close(work: Work, actor: Actor, item_id: str) -> QueueItemRow:
    item = work.session.scalars(select(QueueItemRow).where(QueueItemRow.id == item_id).with_for_update()).first()
    if item is None:
        raise NotFoundError
    if item.ended_at is not None:
        raise ConflictError("A colleague has already dealt with this.")
    item.ended_at, item.ended_by = work.now, actor.id
    return item
