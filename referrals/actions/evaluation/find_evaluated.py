from __future__ import annotations

from kernel.errors import ConflictError
from kernel.work import Work
from people.model import Actor
from referrals.actions.find_referral import find_referral, standing_of
from referrals.model import Phase
from referrals.queries.conflicts import check_free
from referrals.queries.courses import Standing
from referrals.tables import ReferralRow


def find_evaluated(work: Work, actor: Actor, referral_id: str) -> tuple[ReferralRow, Standing]:
    """Return an issued referral of the actor's council that is not decided, locked, and how it stands.

    Raises NotFoundError for another council's, ConflictError for a draft and once it is decided, ForbiddenError for
    whoever has a conflict of interest in it (R25).
    """
    row = find_referral(work, actor, referral_id)
    standing = standing_of(work, row)
    if standing.issue is None:
        raise ConflictError("This referral is not issued yet.")
    if row.closed_at is not None:
        raise ConflictError("This referral is decided. Nothing can be changed any more.")
    check_free(work.session, actor, row.id)
    return row, standing


def find_open(work: Work, actor: Actor, referral_id: str) -> tuple[ReferralRow, Standing]:
    """Return a referral as find_evaluated does, once its answers may be read; else ConflictError (R22).

    Where nobody competes that is from the release on.
    """
    row, standing = find_evaluated(work, actor, referral_id)
    phase = standing.phase(work.now)
    if phase is Phase.UNSEALED or (phase is Phase.OPEN and not standing.route.is_competitive):
        return row, standing
    raise ConflictError("Offers are evaluated once the deadline has passed and the answers are unsealed.")
