from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, or_, select, true

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from channels.wording import MessageType
from fps.tables.rounds import RoundContactRow, RoundQuestionRow
from kernel.work import Work


def tell_contacts(
    work: Work,
    round_id: str,
    message_type: MessageType,
    values: Mapping[str, object],
    *,
    dedupe: str,
    only: ColumnElement[bool] | None = None,
) -> int:
    """Tell everybody who takes part in a round the same, at the same moment (equal treatment); return how many.

    That is whoever registered interest, with an account or at an address that they confirmed, asked a question or
    began an application; not who asked to be told no more. `only` narrows it. Nobody is told twice.
    """
    takes_part = select(RoundContactRow.id, RoundContactRow.person_id).where(
        RoundContactRow.round_id == round_id,
        RoundContactRow.confirmed_at.is_not(None),
        RoundContactRow.left_at.is_(None) | RoundContactRow.started_at.is_not(None),
        or_(
            RoundContactRow.interested_at.is_not(None),
            RoundContactRow.started_at.is_not(None),
            RoundContactRow.id.in_(select(RoundQuestionRow.contact_id).where(RoundQuestionRow.round_id == round_id)),
        ),
        true() if only is None else only,
    )
    messages = [
        NewMessage(
            type=message_type,
            values=values,
            person_id=person_id,
            dedupe_key=f"{dedupe}:{contact_id}",
            about=Subject("round", round_id),
        )
        for contact_id, person_id in work.session.execute(takes_part.order_by(RoundContactRow.id))
    ]
    return len(queue_messages(work, messages))
