from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from people.model import Actor
from referrals.model.evaluation import Score
from referrals.queries.conflicts import check_free
from referrals.queries.councils import own_referral
from referrals.queries.evaluations import evaluators_of, scores_by_person
from referrals.rules.evaluating import check_all_in, standing


def colleagues_scores(session: Session, actor: Actor, referral_id: str) -> Mapping[str, Sequence[Score]]:
    """Return what each evaluator gave, by person, once all are in (R25).

    Raises NotFoundError for another council's referral, ForbiddenError for whoever has a conflict of interest,
    ConflictError until then.
    """
    _row, known = own_referral(session, actor, referral_id)
    check_free(session, actor, referral_id)
    evaluators = evaluators_of(session, referral_id)
    check_all_in(evaluators, known.terms.evaluators)
    return scores_by_person(session, referral_id, standing(evaluators))
