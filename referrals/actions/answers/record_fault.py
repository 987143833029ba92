from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel import audit
from kernel.errors import ForbiddenError, InvalidInputError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, may
from referrals.rules.admitting import LONGEST_REASON
from referrals.tables import FaultRow


@dataclass(frozen=True)
class RecordFault:
    """When the hub did not work as it should, and how that showed; `ended_at` is None while it lasts."""

    began_at: datetime
    ended_at: datetime | None
    words: str


def record_fault(work: Work, actor: Actor, command: RecordFault) -> str:
    """Record a fault of the hub, so that a council can let in whom it made late (R17); return its id.

    Whoever runs the hub records it, and no council can use what its own people recorded. Raises ForbiddenError for
    everybody else, InvalidInputError for times that cannot be.
    """
    if not may(actor, Permission.OPERATIONS):
        raise ForbiddenError
    if command.began_at > work.now:
        raise InvalidInputError("began_day", "The fault must have begun. Enter a time that has passed.")
    if command.ended_at is not None and not command.began_at <= command.ended_at <= work.now:
        raise InvalidInputError("ended_day", "The end must be after the beginning, and must have passed.")
    if not command.words.strip():
        raise InvalidInputError("words", "Say what did not work and how you know.")
    if len(command.words) > LONGEST_REASON:
        raise InvalidInputError("words", "Write no more than {most} characters.", most=LONGEST_REASON)
    row = FaultRow(
        id=new_id(),
        began_at=command.began_at,
        ended_at=command.ended_at,
        words=command.words.strip(),
        recorded_at=work.now,
        recorded_by=actor.id,
        recorded_from=sorted({held.organisation_id for held in actor.roles}),
    )
    work.session.add(row)
    work.session.flush()
    details = {
        "began_at": row.began_at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
    }
    audit.record(work, actor=actor.id, action="referrals.record_fault", subject=("fault", row.id), details=details)
    return row.id
