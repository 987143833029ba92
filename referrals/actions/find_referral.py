from __future__ import annotations

from kernel.errors import ConflictError, NotFoundError
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.queries.courses import Standing, standings
from referrals.tables import ReferralRow


def find_referral(work: Work, actor: Actor, referral_id: str) -> ReferralRow:
    """Return a referral of the actor's council, locked for change; raises NotFoundError for any other."""
    row = lock_referral(work, referral_id)
    if row.council_id not in organisations_with(actor, Permission.REFERRALS_ISSUE):
        raise NotFoundError
    return row


def find_draft(work: Work, actor: Actor, referral_id: str) -> ReferralRow:
    """Return a referral that is not issued yet, locked for change.

    Raises NotFoundError for another council's and ConflictError once it is issued: an issue never changes (R9).
    """
    row = find_referral(work, actor, referral_id)
    if standing_of(work, row).issue is not None:
        raise ConflictError("This referral has been issued. It cannot be changed any more.")
    return row


def note_writer(row: ReferralRow, actor: Actor) -> None:
    """Note who changed a draft, so that they do not approve it; who wrote its reasons stays noted before anybody."""
    if row.written_by in (None, row.author_id):
        row.written_by = actor.id


def lock_referral(work: Work, referral_id: str) -> ReferralRow:
    """Return a referral, locked so that what happens to it happens in order; raises NotFoundError."""
    row = work.session.get(ReferralRow, referral_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFoundError
    return row


def standing_of(work: Work, row: ReferralRow) -> Standing:
    """Return what has happened to a referral so far, and the terms that hold for it."""
    return standings(work.session, [row])[row.id]
