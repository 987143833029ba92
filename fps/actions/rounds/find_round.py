from __future__ import annotations

from fps.tables.rounds import RoundRow
from kernel.errors import NotFoundError
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with


def find_round(work: Work, actor: Actor, round_id: str) -> RoundRow:
    """Return a round that the actor's authority leads, locked for change; raises NotFoundError for any other."""
    row = work.session.get(RoundRow, round_id, with_for_update=True)
    if row is None or row.lead_id not in organisations_with(actor, Permission.ROUNDS_RUN):
        raise NotFoundError
    return row


def find_published_round(work: Work, round_id: str) -> RoundRow:
    """Return a round that was published, locked so that it cannot change meanwhile; raises NotFoundError."""
    row = work.session.get(RoundRow, round_id, with_for_update=True)
    if row is None or row.published_at is None:
        raise NotFoundError
    return row
