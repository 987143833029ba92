from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, exists, or_, select, true

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from channels.wording import MessageType
from fps.model.applications import ApplicationState
from fps.tables.applications import ApplicationRow
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
    also: Collection[str] = (),
) -> int:
    """Tell everybody who takes part in a round the same, at the same moment (equal treatment); return how many.

    That is whoever registered interest, with an account or at an address that they confirmed, asked a question or
    works on an application; not who asked to be told no more, unless their provider's application is under way. `only`
    narrows it, `also` are further persons. Nobody is told twice.
    """
    takes_part = select(RoundContactRow.person_id).where(
        RoundContactRow.round_id == round_id,
        RoundContactRow.confirmed_at.is_not(None),
        RoundContactRow.left_at.is_(None) | (RoundContactRow.started_at.is_not(None) & _applies(round_id)),
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
            dedupe_key=f"{dedupe}:{person_id}",
            about=Subject("round", round_id),
        )
        for person_id in sorted({*work.session.scalars(takes_part), *also})
    ]
    return len(queue_messages(work, messages))


def has_sent(round_id: str) -> ColumnElement[bool]:
    """Whether somebody takes part for a provider whose application is in."""
    return _applies(round_id, ApplicationRow.state == ApplicationState.SUBMITTED)


def _applies(round_id: str, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        ApplicationRow.round_id == round_id,
        ApplicationRow.provider_id == RoundContactRow.provider_id,
        ApplicationRow.state != ApplicationState.WITHDRAWN,
        *conditions,
    )
