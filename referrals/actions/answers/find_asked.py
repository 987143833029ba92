from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.errors import NotFoundError
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.actions.find_referral import lock_referral, standing_of
from referrals.model import Phase
from referrals.queries.courses import Standing
from referrals.rules.standing import check_readable
from referrals.tables import RecipientRow, ReferralRow


@dataclass(frozen=True)
class Asked:
    """A request to one setting of the actor's provider, with the referral that it belongs to, locked for change."""

    recipient: RecipientRow
    referral: ReferralRow
    standing: Standing

    def is_open(self, now: datetime) -> bool:
        """Whether answers are in time."""
        return self.standing.phase(now) is Phase.OPEN


def find_asked(work: Work, actor: Actor, recipient_id: str) -> Asked:
    """Return a request that the actor's provider can open now.

    Raises NotFoundError for any other and before the release, TooLateError after the days of grace (R32).
    """
    recipient = work.session.get(RecipientRow, recipient_id)
    if recipient is None or recipient.provider_id not in organisations_with(actor, Permission.REFERRALS_ANSWER):
        raise NotFoundError
    row = lock_referral(work, recipient.referral_id)
    standing = standing_of(work, row)
    check_readable(standing.course, standing.terms, work.now)
    return Asked(recipient, row, standing)
