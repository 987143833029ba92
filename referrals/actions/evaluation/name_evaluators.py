from __future__ import annotations

from collections.abc import Collection

from kernel import audit
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.work import Work
from people.model import Actor, Role
from people.queries import persons_with_role
from referrals.actions.approvals.tell_colleagues import tell_evaluators
from referrals.actions.evaluation.find_evaluated import find_evaluated
from referrals.model.records import Record
from referrals.queries.evaluations import evaluators_of
from referrals.queries.records import vouched
from referrals.rules.evaluating import are_all_in
from referrals.rules.records import KEPT
from referrals.tables import EvaluatorRow


def name_evaluators(work: Work, actor: Actor, referral_id: str, person_ids: Collection[str]) -> None:
    """Name commissioners of the council to score the offers; who is named already stays, and the others are told (R25).

    Raises as find_evaluated does, InvalidInputError for nobody or for whoever is no commissioner of the council,
    ConflictError once all scores are in: by then they are open to all.
    """
    row, standing = find_evaluated(work, actor, referral_id)
    evaluators = evaluators_of(work.session, row.id)
    if are_all_in(evaluators, standing.terms.evaluators):
        raise ConflictError("All scores are in and open. Nobody can be added any more.")
    known = {each.id for each in persons_with_role(work.session, Role.COMMISSIONER, row.council_id)}
    wanted = [each for each in dict.fromkeys(person_ids) if each in known]
    if not wanted:
        raise InvalidInputError("people", "Choose at least one commissioner of your council.")
    new = [person_id for person_id in wanted if _name(work, actor, row.id, person_id)]
    work.session.flush()
    named = [one for each in wanted for one in vouched(work.session, row.id, Record.EVALUATOR, owner=each)]
    details = {"people": wanted, KEPT: named}
    audit.record(
        work, actor=actor.id, action="referrals.name_evaluators", subject=("referral", row.id), details=details
    )
    tell_evaluators(work, row, [person_id for person_id in new if person_id != actor.id])


def _name(work: Work, actor: Actor, referral_id: str, person_id: str) -> bool:
    """Name somebody; tell whether they were not named, or released, before."""
    there = work.session.get(EvaluatorRow, (referral_id, person_id), with_for_update=True)
    if there is not None:
        was_released, there.released_at = there.released_at is not None, None
        return was_released
    work.session.add(EvaluatorRow(referral_id=referral_id, person_id=person_id, named_at=work.now, named_by=actor.id))
    return True


def release_evaluator(work: Work, actor: Actor, referral_id: str, person_id: str) -> None:
    """Release somebody who has not handed in: the others need not wait for them.

    Raises as find_evaluated does, NotFoundError for whoever was not named, ConflictError once they have handed in.
    """
    row, _standing = find_evaluated(work, actor, referral_id)
    named = work.session.get(EvaluatorRow, (row.id, person_id), with_for_update=True, populate_existing=True)
    if named is None or named.released_at is not None:
        raise NotFoundError
    if named.finished_at is not None:
        raise ConflictError("These scores are handed in. They stay on record.")
    named.released_at = work.now
    work.session.flush()
    details = {"person": person_id, KEPT: vouched(work.session, row.id, Record.EVALUATOR, owner=person_id)}
    audit.record(
        work, actor=actor.id, action="referrals.release_evaluator", subject=("referral", row.id), details=details
    )
