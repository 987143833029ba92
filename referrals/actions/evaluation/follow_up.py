from __future__ import annotations

from kernel import audit
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from referrals.actions.draft_referral import free_reference
from referrals.model.particulars import Particulars
from referrals.model.routes import Route
from referrals.tables import ReferralRow

_KEPT = (
    "council_id",
    "lot_id",
    "age_band",
    "year_group",
    "gender",
    "need_area",
    "outcomes",
    "risk_wording",
    "travel_zone",
    "starts_from",
    "starts_until",
    "weekly_hours",
    "weights",
)
"""What the draft that follows begins with; what its route demands is still to be written."""


def follow_up(work: Work, actor: Actor, row: ReferralRow, route: Route) -> str:
    """Begin the draft that follows a referral without an award, and return its id: the chain is kept (R29).

    Its wording is checked anew before it is issued (R31). That the learner is protected stays known (R40); why another
    one's place could be asked all the same does not hold for it.
    """
    following = ReferralRow(
        id=new_id(),
        reference=free_reference(work),
        author_id=actor.id,
        created_at=work.now,
        follows_id=row.id,
        route=route,
        particulars=Particulars(is_protected=Particulars.of(row.particulars).is_protected).plain(),
        **{name: getattr(row, name) for name in _KEPT},
    )
    work.session.add(following)
    work.session.flush()
    details = {"follows": row.id, "route": route}
    audit.record(work, actor=actor.id, action="referrals.draft", subject=("referral", following.id), details=details)
    return following.id
