from __future__ import annotations

from dataclasses import dataclass

from kernel import audit
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.work import Work
from people.model import Actor
from referrals.actions.evaluation.find_evaluated import find_evaluated, find_open
from referrals.model.evaluation import Score
from referrals.model.records import Record
from referrals.queries.evaluations import kept_offers, offers_of, own_scores, weights_of
from referrals.queries.records import vouched
from referrals.rules.evaluating import check_score, missing
from referrals.rules.records import KEPT
from referrals.tables import EvaluatorRow, ReferralRow, ScoreRow


@dataclass(frozen=True)
class SaveScores:
    """What an evaluator gives one offer, criterion by criterion."""

    referral_id: str
    recipient_id: str
    scores: tuple[Score, ...]


def declare_interest(work: Work, actor: Actor, referral_id: str, *, conflict: bool) -> None:
    """Declare whether one has a conflict of interest in a referral (R25).

    With one, one reads no more of its answers, and what one has given stays on record and counts no more. Raises
    NotFoundError for whoever was not named, ForbiddenError for taking a conflict back.
    """
    row, _standing = find_evaluated(work, actor, referral_id)
    mine = _mine(work, actor, row)
    if mine.has_conflict == conflict:
        return
    mine.has_conflict, mine.declared_at = conflict, work.now
    work.session.flush()
    details = {"has_conflict": conflict, KEPT: vouched(work.session, row.id, Record.EVALUATOR, owner=actor.id)}
    audit.record(
        work, actor=actor.id, action="referrals.declare_interest", subject=("referral", row.id), details=details
    )


def save_scores(work: Work, actor: Actor, command: SaveScores) -> None:
    """Save an evaluator's scores of one offer with their reasons (R25).

    Nobody else sees them before all are in. Raises as find_open does, NotFoundError for whoever was not named and for
    what is no offer, ConflictError before one has declared to have no conflict and once one has handed in (of an offer
    that was handed in before a late answer came, for ever),
    InvalidInputError for a score without its reason.
    """
    row, standing = find_open(work, actor, command.referral_id)
    _declared(work, actor, row)
    if command.recipient_id not in {one.recipient_id for one in offers_of(work.session, actor, row.id, work.keys)}:
        raise NotFoundError
    if command.recipient_id in kept_offers(work.session, row.id, actor.id):
        raise ConflictError("You have handed in your scores of this offer. They cannot be changed any more.")
    used = weights_of(standing).used
    for score in command.scores:
        check_score(score, used)
    for score in command.scores:
        work.session.merge(
            ScoreRow(
                recipient_id=command.recipient_id,
                person_id=actor.id,
                criterion=score.criterion,
                referral_id=row.id,
                score=score.score,
                reason=score.reason.strip(),
                saved_at=work.now,
            )
        )
    work.session.flush()
    given = vouched(work.session, row.id, Record.SCORES, key=command.recipient_id, owner=actor.id)
    details = {"recipient_id": command.recipient_id, "scores": len(command.scores), KEPT: given}
    audit.record(work, actor=actor.id, action="referrals.save_scores", subject=("referral", row.id), details=details)


def hand_in_scores(work: Work, actor: Actor, referral_id: str) -> None:
    """Hand in one's scores of all offers: from then on they cannot be changed.

    Raises as save_scores does, and InvalidInputError while an offer or a criterion has no score.
    """
    row, standing = find_open(work, actor, referral_id)
    mine = _declared(work, actor, row)
    offers = [one.recipient_id for one in offers_of(work.session, actor, row.id, work.keys)]
    left = missing(offers, weights_of(standing).used, own_scores(work.session, row.id, actor.id))
    if left:
        raise InvalidInputError("scores", "Score every offer first: {count} scores are missing.", count=len(left))
    mine.finished_at = work.now
    work.session.flush()
    details = {KEPT: vouched(work.session, row.id, Record.EVALUATOR, Record.SCORES, owner=actor.id)}
    audit.record(work, actor=actor.id, action="referrals.hand_in_scores", subject=("referral", row.id), details=details)


def _declared(work: Work, actor: Actor, row: ReferralRow) -> EvaluatorRow:
    mine = _mine(work, actor, row)
    if mine.has_conflict is None:
        raise ConflictError("Say first whether you have a conflict of interest.")
    if mine.finished_at is not None:
        raise ConflictError("You have handed in your scores. They cannot be changed any more.")
    return mine


def _mine(work: Work, actor: Actor, row: ReferralRow) -> EvaluatorRow:
    mine = work.session.get(EvaluatorRow, (row.id, actor.id), with_for_update=True, populate_existing=True)
    if mine is None or mine.released_at is not None:
        raise NotFoundError
    return mine
