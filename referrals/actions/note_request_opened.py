from __future__ import annotations

from kernel import audit
from kernel.work import Ground
from people.model import Actor
from referrals.queries.openings import has_opened
from referrals.queries.providers import Invitation


def note_request_opened(ground: Ground, actor: Actor, request: Invitation) -> None:
    """Record that somebody of a provider opened a version of a referral for the first time (R34).

    `request` is what they were shown. Whoever comes back to the same version writes nothing more.
    """
    with ground.read() as session:
        if has_opened(session, actor.id, request.referral_id, request.version):
            return
    details = {"version": request.version, "recipients": [each.recipient_id for each in request.settings]}
    with ground.work() as work:
        about = ("referral", request.referral_id)
        audit.record(work, actor=actor.id, action="referrals.open_request", subject=about, details=details)
