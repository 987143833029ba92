from __future__ import annotations

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Status, Subject, Urgency
from kernel import audit
from kernel.errors import ConflictError
from kernel.work import Work
from people.model import Actor
from referrals.actions.find_referral import find_referral, standing_of
from referrals.messages.asking import ALERT, asked_values
from referrals.model import Phase
from referrals.queries.providers import hearers_of
from referrals.queries.reaching import missing_of, sends_of_version

_WAITING = frozenset({Status.QUEUED, Status.HELD, Status.HANDING_OVER, Status.UNKNOWN})


def tell_again(work: Work, actor: Actor, referral_id: str) -> int:
    """Send the same alert again to whoever hears for the settings that were not reached (R12); return to how many.

    It is the alert word for word: nobody writes to one who was asked (R9, R13). What waits already is not sent twice.
    Raises NotFoundError for another council's and ConflictError unless the referral is open.
    """
    row = find_referral(work, actor, referral_id)
    standing = standing_of(work, row)
    issue = standing.issue
    if issue is None or standing.phase(work.now) is not Phase.OPEN:
        raise ConflictError("Only a referral that is open for answers can be sent again.")
    missing = missing_of(work.session, issue, work.now).all
    heard_by = hearers_of(work.session, row.id)
    sends = sends_of_version(work.session, issue)
    waiting = {send.person_id for send in sends if send.status in _WAITING}
    people = sorted({person for one in missing for person in heard_by[one]} - waiting)
    values = asked_values(issue.text, issue.deadline_at.isoformat(), row.id)
    queued = queue_messages(
        work,
        [
            NewMessage(
                type=ALERT,
                values=values,
                person_id=person_id,
                dedupe_key=f"referrals.again:{issue.id}:{sum(one.person_id == person_id for one in sends)}:{person_id}",
                urgency=Urgency.URGENT,
                about=Subject("referral", row.id),
            )
            for person_id in people
        ],
    )
    details = {"version": issue.version, "recipients": sorted(missing), "people": len(queued)}
    audit.record(work, actor=actor.id, action="referrals.tell_again", subject=("referral", row.id), details=details)
    return len(queued)
