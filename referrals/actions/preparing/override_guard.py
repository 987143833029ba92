from __future__ import annotations

from dataclasses import replace

from kernel import audit
from kernel.work import Work
from people.model import Actor
from referrals.actions.find_referral import find_draft
from referrals.model.particulars import Particulars
from referrals.rules.routes import SHORTEST_WHY, check_written


def override_guard(work: Work, actor: Actor, referral_id: str, reason: str) -> None:
    """Say why provision that is not registered as a school may be asked all the same (R40); a colleague approves it.

    Raises NotFoundError for another council's, ConflictError once it is issued, InvalidInputError for a short reason.
    """
    row = find_draft(work, actor, referral_id)
    check_written("override_reason", reason, SHORTEST_WHY)
    row.particulars = replace(Particulars.of(row.particulars), override_reason=reason.strip()).plain()
    row.written_by = actor.id
    work.session.flush()
    audit.record(work, actor=actor.id, action="referrals.override_guard", subject=("referral", row.id))
