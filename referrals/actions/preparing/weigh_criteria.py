from __future__ import annotations

from kernel import audit
from kernel.work import Work
from people.model import Actor
from referrals.actions.find_referral import find_draft
from referrals.model.criteria import Weights
from referrals.rules.criteria import check_weights


def weigh_criteria(work: Work, actor: Actor, referral_id: str, weights: Weights) -> None:
    """Keep by what the offers to a draft will be judged: the issue freezes it (R24).

    Raises NotFoundError for another council's, ConflictError once it is issued, InvalidInputError where the weights do
    not add up to 100.
    """
    row = find_draft(work, actor, referral_id)
    check_weights(weights)
    row.weights = weights.plain
    audit.record(
        work, actor=actor.id, action="referrals.weigh_criteria", subject=("referral", row.id), details=weights.plain
    )
