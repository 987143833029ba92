from __future__ import annotations

from kernel.errors import ConflictError, NotFoundError
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.tables.placements import PlacementRow


def find_placement(work: Work, actor: Actor, placement_id: str) -> PlacementRow:
    """Return a placement of the actor's council, locked for change; raises NotFoundError for any other."""
    row = lock_placement(work, placement_id)
    if row.council_id not in organisations_with(actor, Permission.PLACEMENTS_MANAGE):
        raise NotFoundError
    return row


def find_running(work: Work, actor: Actor, placement_id: str) -> PlacementRow:
    """Return a placement of the actor's council that has not ended; raises NotFoundError and ConflictError."""
    row = find_placement(work, actor, placement_id)
    if row.ended_on is not None:
        raise ConflictError("This placement has ended. It cannot be changed any more.")
    return row


def find_unsigned(work: Work, actor: Actor, placement_id: str, edition: int) -> PlacementRow:
    """Return a placement whose agreement can be changed, as it was when the actor looked.

    Raises NotFoundError, and ConflictError where it has ended, is signed or has changed since.
    """
    row = find_running(work, actor, placement_id)
    if row.signed_on is not None:
        raise ConflictError("This agreement is signed. Open it again before you change it.")
    check_edition(row, edition)
    return row


def check_edition(row: PlacementRow, edition: int) -> None:
    """Raise ConflictError where the placement has changed since the edition that somebody looked at."""
    if row.edition != edition:
        raise ConflictError("A colleague has changed this placement since you opened it. Look at it again.")


def lock_placement(work: Work, placement_id: str) -> PlacementRow:
    """Return a placement, locked so that what happens to it happens in order; raises NotFoundError."""
    row = work.session.get(PlacementRow, placement_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFoundError
    return row
