from __future__ import annotations

from dataclasses import dataclass

from kernel import audit
from kernel.errors import InvalidInputError, NotFoundError
from kernel.work import Work
from people.model import Actor
from people.queries import organisations_by_id
from referrals.actions.evaluation.find_evaluated import find_open
from referrals.model.evaluation import Score
from referrals.model.records import Record
from referrals.queries.evaluations import evaluators_of, offers_of, settled_scores, weights_of
from referrals.queries.questions import names_asked
from referrals.queries.records import vouched
from referrals.rules.awarding import check_feedback
from referrals.rules.evaluating import check_all_in, check_reason, check_score, missing
from referrals.rules.records import KEPT
from referrals.tables import ModerationRow, RecipientRow, SettledScoreRow


@dataclass(frozen=True)
class SettleScores:
    """What the evaluators agree on for one offer, for every criterion that counts."""

    referral_id: str
    recipient_id: str
    scores: tuple[Score, ...]


def settle_scores(work: Work, actor: Actor, command: SettleScores) -> None:
    """Record what the evaluators agree on for one offer; the provider reads it with the outcome (R25, R27).

    May be settled anew until the decision. Raises as find_open does, ConflictError before all scores are in,
    NotFoundError for what is no offer, InvalidInputError for a criterion without score or reason, or for a reason that
    the provider may not read.
    """
    row, standing = find_open(work, actor, command.referral_id)
    check_all_in(evaluators_of(work.session, row.id), standing.terms.evaluators)
    if command.recipient_id not in {one.recipient_id for one in offers_of(work.session, actor, row.id, work.keys)}:
        raise NotFoundError
    used, rivals = weights_of(standing).used, _rivals(work, row.id, command.recipient_id)
    for score in command.scores:
        check_score(score, used)
        check_feedback(f"reason-{score.criterion}", score.reason, rivals)
    for _, criterion in missing([command.recipient_id], used, command.scores):
        raise InvalidInputError(f"score-{criterion}", "Choose a score.")
    for score in command.scores:
        work.session.merge(
            SettledScoreRow(
                recipient_id=command.recipient_id,
                criterion=score.criterion,
                referral_id=row.id,
                score=score.score,
                reason=score.reason.strip(),
                settled_by=actor.id,
                settled_at=work.now,
            )
        )
    work.session.flush()
    given = {score.criterion.value: score.score for score in command.scores}
    agreed = vouched(work.session, row.id, Record.AGREED, key=command.recipient_id)
    details = {"recipient_id": command.recipient_id, "scores": given, KEPT: agreed}
    audit.record(work, actor=actor.id, action="referrals.settle_scores", subject=("referral", row.id), details=details)


def _rivals(work: Work, referral_id: str, recipient_id: str) -> frozenset[str]:
    """Return the names of all settings and providers that were asked, but for those of this offer."""
    own = work.session.get_one(RecipientRow, recipient_id)
    mine = {card.name for card in organisations_by_id(work.session, [own.provider_id]).values()}
    return frozenset(names_asked(work.session, referral_id)) - mine - {own.setting_name}


def write_moderation(work: Work, actor: Actor, referral_id: str, words: str) -> None:
    """Record how the evaluators came to agree; may be written anew until the decision (R25).

    Raises as find_open does, ConflictError before all scores are in, InvalidInputError for a record that says too
    little or before every offer's scores are settled.
    """
    row, standing = find_open(work, actor, referral_id)
    check_all_in(evaluators_of(work.session, row.id), standing.terms.evaluators)
    offers = [one.recipient_id for one in offers_of(work.session, actor, row.id, work.keys)]
    if missing(offers, weights_of(standing).used, settled_scores(work.session, row.id)):
        raise InvalidInputError("words", "Agree on the scores of every offer first.")
    said = check_reason("words", words)
    work.session.merge(ModerationRow(referral_id=row.id, words=said, written_by=actor.id, written_at=work.now))
    work.session.flush()
    details = {KEPT: vouched(work.session, row.id, Record.MODERATION)}
    audit.record(
        work, actor=actor.id, action="referrals.write_moderation", subject=("referral", row.id), details=details
    )
