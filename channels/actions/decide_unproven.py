from __future__ import annotations

from sqlalchemy import select, update

from channels.actions.write_history import write_history
from channels.model import Reason, Status
from channels.tables import InboundRow, MessageRow
from kernel import audit
from kernel.errors import ConflictError, NotFoundError
from kernel.work import Work
from people.model import Actor


def decide_unproven(work: Work, actor: Actor, message_id: str, *, send_again: bool) -> None:
    """Let a person decide about a message of which nobody can prove whether it went out.

    Raises NotFoundError, or ConflictError if it waits for no decision.
    """
    row = work.session.scalars(select(MessageRow).where(MessageRow.id == message_id).with_for_update()).first()
    if row is None:
        raise NotFoundError
    if (row.status, row.reason) != (Status.HELD, Reason.ASK_A_PERSON):
        raise ConflictError("This message waits for no decision.")
    if send_again:
        row.status, row.reason, row.due_at = Status.QUEUED, None, work.now
        work.ring(row.channel)
    else:
        row.status, row.reason, row.due_at = Status.CANCELLED, Reason.WITHDRAWN, None
    what = "person_sends_again" if send_again else "person_lets_it_be"
    write_history(work, [message_id], what)
    audit.record(work, actor=actor.id, action=f"channels.{what}", subject=("message", message_id))


def retry_inbound(work: Work, inbound_id: str) -> None:
    """Hear a parked inbound text again; raises NotFoundError if it is not parked."""
    _leave_parking(work, inbound_id, state="waiting")
    work.ring("inbox")


def discard_inbound(work: Work, inbound_id: str) -> None:
    """Give a parked inbound text up; raises NotFoundError if it is not parked."""
    _leave_parking(work, inbound_id, state="discarded")


def _leave_parking(work: Work, inbound_id: str, *, state: str) -> None:
    change = update(InboundRow).where(InboundRow.id == inbound_id, InboundRow.state == "parked")
    changed = change.values(state=state, attempts=0, due_at=work.now).returning(InboundRow.id)
    if work.session.scalars(changed).first() is None:
        raise NotFoundError("This text is no longer parked.")
