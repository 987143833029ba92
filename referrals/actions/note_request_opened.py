from __future__ import annotations

from kernel import audit
from kernel.work import Work
from people.model import Actor
from referrals.actions.find_referral import lock_referral
from referrals.queries.openings import has_opened
from referrals.queries.providers import Invitation


def note_request_opened(work: Work, actor: Actor, request: Invitation) -> None:
    """Record that somebody of a provider opened a version of a referral for the first time (R34).

    `request` is what they were shown. Whoever comes back to the same version writes nothing more.
    """
    lock_referral(work, request.referral_id)
    if has_opened(work.session, actor.id, request.referral_id, request.version):
        return
    details = {"version": request.version, "recipients": [each.recipient_id for each in request.settings]}
    about = ("referral", request.referral_id)
    audit.record(work, actor=actor.id, action="referrals.open_request", subject=about, details=details)
