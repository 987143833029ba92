from __future__ import annotations

from kernel.errors import InvalidInputError
from referrals.model import Answer, AnswerKind, DeclineCode

LONGEST_WORDS = 4000
HIGHEST_COST = 2_000_000
_OFFERS = frozenset({AnswerKind.OFFER, AnswerKind.OFFER_WITH_CONDITIONS})


def check_answer(answer: Answer) -> None:
    """Raise InvalidInputError where an answer lacks what its kind needs, or carries what it may not (R23)."""
    if len(answer.words) > LONGEST_WORDS:
        raise InvalidInputError("words", "Write no more than {most} characters.", most=LONGEST_WORDS)
    if answer.kind in _OFFERS:
        _check_offer(answer)
    elif answer.starts_on is not None or answer.yearly_cost is not None:
        raise InvalidInputError("kind", "Only an offer has a start date and a cost.")
    if (answer.kind is AnswerKind.DECLINE) != (answer.decline_code is not None):
        raise InvalidInputError("decline_code", "Choose why you decline, and only if you decline.")
    if _needs_words(answer) and not answer.words.strip():
        raise InvalidInputError("words", _MISSING_WORDS[answer.kind])


_MISSING_WORDS = {
    AnswerKind.OFFER_WITH_CONDITIONS: "Say what the conditions are.",
    AnswerKind.DECLINE: "Say what the other reason is.",
    AnswerKind.NEED_MORE_INFORMATION: "Say what you need to know.",
}


def _needs_words(answer: Answer) -> bool:
    return (
        answer.kind in {AnswerKind.OFFER_WITH_CONDITIONS, AnswerKind.NEED_MORE_INFORMATION}
        or answer.decline_code is DeclineCode.OTHER
    )


def _check_offer(answer: Answer) -> None:
    if answer.starts_on is None:
        raise InvalidInputError("starts_on", "Enter the earliest day on which the learner could start.")
    if answer.yearly_cost is None or not 0 < answer.yearly_cost <= HIGHEST_COST:
        raise InvalidInputError("yearly_cost", "Enter the cost for a year, in whole pounds.")
