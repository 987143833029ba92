from __future__ import annotations

from sqlalchemy import select

from fps.queries.rechecks import recheck
from fps.tables import RecheckRow
from kernel import audit
from kernel.errors import ConflictError
from kernel.work import Work
from people.model import Actor


def close_recheck(work: Work, actor: Actor, recheck_id: str) -> None:
    """Close a yearly re-check, answered or not: nothing more is asked and nobody is reminded any more.

    Raises NotFoundError for another authority's, ConflictError where it is closed already.
    """
    card = recheck(work.session, actor, recheck_id)
    row = work.session.scalars(select(RecheckRow).where(RecheckRow.id == card.id).with_for_update()).one()
    if row.closed_at is not None:
        raise ConflictError("This yearly check is closed already. Its report stays here.")
    row.closed_at, row.closed_by, row.next_chaser_on = work.now, actor.id, None
    audit.record(
        work,
        actor=actor.id,
        action="fps.close_recheck",
        subject=("recheck", recheck_id),
        details={"asked": card.asked, "answered": card.answered},
    )
