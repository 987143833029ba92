from __future__ import annotations

from collections.abc import Iterable, Sequence

from kernel.errors import ConflictError, InvalidInputError
from referrals.model.criteria import BEST_SCORE, Criterion
from referrals.model.evaluation import Evaluator, Score

SHORTEST_REASON, LONGEST_REASON = 30, 2000


def check_reason(field: str, reason: str) -> str:
    """Return a reason without its edges; raises InvalidInputError for one that says too little or too much (R25)."""
    words = reason.strip()
    if not SHORTEST_REASON <= len(words) <= LONGEST_REASON:
        raise InvalidInputError(
            field,
            "Give the reason in {least} to {most} characters.",
            least=SHORTEST_REASON,
            most=LONGEST_REASON,
        )
    return words


def check_score(score: Score, used: Sequence[Criterion]) -> None:
    """Raise InvalidInputError for a score that is not from 0 to 5, has no reason, or is not asked for (R25)."""
    if score.criterion not in used:
        raise InvalidInputError(f"score-{score.criterion}", "This criterion has no weight in this referral.")
    if not 0 <= score.score <= BEST_SCORE:
        raise InvalidInputError(f"score-{score.criterion}", "Choose a score from 0 to {best}.", best=BEST_SCORE)
    check_reason(f"reason-{score.criterion}", score.reason)


def standing(evaluators: Iterable[Evaluator]) -> list[Evaluator]:
    """Return the evaluators whose scores count, or will: no conflict of interest, and not released."""
    return [each for each in evaluators if each.counts]


def are_all_in(evaluators: Iterable[Evaluator], least: int) -> bool:
    """Tell whether enough have scored and nobody is still at it: then, not before, each sees the others' (R25)."""
    count = standing(evaluators)
    return len(count) >= least and all(each.finished_at for each in count)


def check_all_in(evaluators: Iterable[Evaluator], least: int) -> None:
    """Raise ConflictError until all scores are in."""
    if not are_all_in(evaluators, least):
        raise ConflictError(
            "Scores stay closed until all evaluators have handed in, {least} of them at least.", least=least
        )


def missing(
    recipient_ids: Iterable[str], used: Sequence[Criterion], scores: Iterable[Score]
) -> list[tuple[str, Criterion]]:
    """Return the offers and criteria that have no score yet."""
    given = {(score.recipient_id, score.criterion) for score in scores}
    wanted = [(recipient_id, criterion) for recipient_id in recipient_ids for criterion in used]
    return [each for each in wanted if each not in given]
