from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Update, update

from channels.actions.write_history import write_history
from channels.model import Reason, Status, Subject
from channels.rules.status import WAITING
from channels.tables import MessageRow
from kernel.work import Work


def cancel_messages(
    work: Work, *, about: Subject, keys: Collection[str] = (), person_id: str | None = None, detail: str = ""
) -> int:
    """Cancel what still waits about a subject, all of it or only some keys or one person; return how many."""
    change = update(MessageRow).where(MessageRow.about_kind == about.kind, MessageRow.about_id == about.id)
    if keys:
        change = change.where(MessageRow.key.in_(list(keys)))
    if person_id is not None:
        change = change.where(MessageRow.person_id == person_id)
    return _cancel(work, change, Reason.WITHDRAWN, detail)


def cancel_unasked(work: Work, person_id: str) -> int:
    """Cancel all that waits for a person and that they did not ask for (V12: STOP); return how many."""
    change = update(MessageRow).where(MessageRow.person_id == person_id, ~MessageRow.is_solicited)
    return _cancel(work, change, Reason.OPTED_OUT, "")


def _cancel(work: Work, change: Update, reason: Reason, detail: str) -> int:
    cancelled = change.where(MessageRow.status.in_(WAITING)).values(status=Status.CANCELLED, reason=reason, due_at=None)
    ids = list(work.session.scalars(cancelled.returning(MessageRow.id)))
    write_history(work, ids, "cancelled", reason=reason, detail=detail)
    return len(ids)
