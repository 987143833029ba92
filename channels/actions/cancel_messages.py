from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import case, or_, update

from channels.actions.write_history import write_history
from channels.model import Reason, Status, Subject
from channels.rules.status import IN_HAND, WAITING
from channels.tables import MessageRow
from kernel import scope
from kernel.work import Work

_MAY_STILL_FAIL = timedelta(days=1)
"""How long after it was handed over a message is still reported as failed, which would send it by another way."""


def cancel_messages(
    work: Work, *, about: Subject, keys: Collection[str] = (), person_id: str | None = None, detail: str = ""
) -> int:
    """Cancel what still waits about a subject, all of it or only some keys or one person; return how many.

    What a vendor is just being handed, or was handed of late, cannot be called back, but is marked so that nothing
    follows if that attempt fails.
    """
    waits = MessageRow.status.in_(WAITING)
    was_sent = (MessageRow.status == Status.SENT) & (MessageRow.handed_at > work.now - _MAY_STILL_FAIL)
    # one statement: a message that is claimed or put back meanwhile is seen as what it has become
    change = update(MessageRow).where(
        MessageRow.about_kind == about.kind,
        MessageRow.about_id == about.id,
        or_(waits, MessageRow.status.in_(IN_HAND), was_sent),
    )
    if keys:
        change = change.where(MessageRow.key.in_(list(keys)))
    if person_id is not None:
        change = change.where(MessageRow.person_id == person_id)
    change = change.values(
        status=case((waits, Status.CANCELLED), else_=MessageRow.status),
        due_at=case((waits, None), else_=MessageRow.due_at),
        reason=Reason.WITHDRAWN,
    )
    with scope.system("an action withdraws what was written to whom it concerns", work.session):
        found = work.session.execute(change.returning(MessageRow.id, MessageRow.status)).all()
        cancelled = [row.id for row in found if row.status == Status.CANCELLED]
        write_history(work, cancelled, "cancelled", reason=Reason.WITHDRAWN, detail=detail)
        in_hand = [row.id for row in found if row.status in IN_HAND]
        write_history(work, in_hand, "withdrawn", reason=Reason.WITHDRAWN, detail=detail)
    return len(cancelled)


def cancel_unasked(work: Work, person_id: str) -> int:
    """Cancel all that waits for a person and that they did not ask for (V12: STOP); return how many.

    What is in a vendor's hand needs no mark: before another attempt consent is asked for again.
    """
    change = (
        update(MessageRow)
        .where(MessageRow.person_id == person_id, ~MessageRow.is_solicited, MessageRow.status.in_(WAITING))
        .values(status=Status.CANCELLED, reason=Reason.OPTED_OUT, due_at=None)
    )
    ids = list(work.session.scalars(change.returning(MessageRow.id)))
    write_history(work, ids, "cancelled", reason=Reason.OPTED_OUT)
    return len(ids)
