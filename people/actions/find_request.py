from __future__ import annotations

from sqlalchemy import select

from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, NotFoundError
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.rights.model import RequestKind
from people.rights.queries import request_card
from people.rights.rules import Clock, due_on
from people.tables import RightsPauseRow, RightsRequestRow, RightsStepRow


def find_request(work: Work, actor: Actor, request_id: str) -> RightsRequestRow:
    """Return an open request for a change, locked.

    Raises NotFoundError for another council's, ConflictError for a closed one.
    """
    found = select(RightsRequestRow).where(RightsRequestRow.id == request_id).with_for_update()
    row = work.session.scalars(found).first()
    if row is None or row.council_id not in organisations_with(actor, Permission.RIGHTS_HANDLE):
        raise NotFoundError
    if row.ended_at is not None:
        raise ConflictError("This request is closed already.")
    return row


def clock_of(work: Work, row: RightsRequestRow) -> Clock:
    """Return what the time limit of a request depends on."""
    pauses = select(RightsPauseRow).where(RightsPauseRow.request_id == row.id).order_by(RightsPauseRow.since)
    card = request_card(row, work.session.scalars(pauses))
    return Clock(
        RequestKind(row.kind),
        row.received_on,
        row.identity_on,
        row.extended_on is not None,
        row.acknowledged_on,
        card.pauses,
    )


def set_clock(work: Work, row: RightsRequestRow) -> None:
    """Reckon anew by when the request must be answered."""
    work.session.flush()
    row.due_on = due_on(clock_of(work, row))


def note_step(work: Work, row: RightsRequestRow, actor_id: str, what: str, note: str = "") -> None:
    """Write a step into the request's timeline and a line into the log: facts, nothing of what was asked or found."""
    work.session.add(RightsStepRow(request_id=row.id, at=work.now, actor_id=actor_id, what=what, note=note))
    day = london_date(work.now).isoformat()
    audit.record(work, actor=actor_id, action=f"rights.{what}", subject=("rights_request", row.id), details={"on": day})
