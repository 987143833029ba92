from __future__ import annotations

from kernel.errors import InvalidInputError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from referrals.model.awards import NextStep, Outcome
from referrals.tables import AwardRow, ReferralRow

_LONGEST_REASON = 1000


def end_without_award(work: Work, actor: Actor, row: ReferralRow, reason: str, next_step: NextStep) -> AwardRow:
    """Close a referral whose row is locked, with the decision that nobody is awarded (R29).

    Raises InvalidInputError without a reason.
    """
    why = reason.strip()
    if not why:
        raise InvalidInputError("reason", "Say why nobody is awarded.")
    if len(why) > _LONGEST_REASON:
        raise InvalidInputError("reason", "Write no more than {most} characters.", most=_LONGEST_REASON)
    row.closed_at, row.closed_by, row.closed_reason = work.now, actor.id, why
    award = AwardRow(
        id=new_id(),
        referral_id=row.id,
        council_id=row.council_id,
        lot_id=row.lot_id,
        route=row.route,
        outcome=Outcome.NO_AWARD,
        supplier="",
        next_step=next_step,
        reasons=why,
        decided_by=actor.id,
        decided_at=work.now,
    )
    work.session.add(award)
    work.session.flush()
    return award
