from __future__ import annotations

from kernel import audit
from kernel.events import publish
from kernel.work import Work
from people.model import Actor
from referrals.actions.find_referral import find_referral, standing_of
from referrals.events import ResponsesUnsealed
from referrals.queries.conflicts import check_free
from referrals.rules.standing import check_unseal, is_unsealed
from referrals.tables import UnsealRow


def unseal_responses(work: Work, actor: Actor, referral_id: str) -> bool:
    """Record one person's half of the unsealing; tell whether the responses are open now (R22).

    Raises NotFoundError for another council's, ForbiddenError before the deadline and for whoever has a conflict of
    interest (R25), ConflictError for a second time by the same person.
    """
    row = find_referral(work, actor, referral_id)
    check_free(work.session, actor, row.id)
    standing = standing_of(work, row)
    course, terms = standing.course, standing.terms
    check_unseal(course, actor.id, terms, work.now)
    work.session.add(UnsealRow(referral_id=row.id, person_id=actor.id, at=work.now))
    work.session.flush()
    is_open = is_unsealed({*course.unsealers, actor.id}, terms)
    details = {"people": len(course.unsealers) + 1, "is_open": is_open}
    audit.record(work, actor=actor.id, action="referrals.unseal", subject=("referral", row.id), details=details)
    if is_open:
        publish(work, ResponsesUnsealed(row.id, row.council_id))
    return is_open
