from __future__ import annotations

from kernel.errors import InvalidInputError
from referrals.model import DeclineCode, Response, ResponseKind

LONGEST_WORDS = 4000
HIGHEST_COST = 2_000_000
_OFFERS = frozenset({ResponseKind.OFFER, ResponseKind.OFFER_WITH_CONDITIONS})


def check_response(response: Response) -> None:
    """Raise InvalidInputError where a response lacks what its kind needs, or carries what it may not (R23)."""
    if len(response.words) > LONGEST_WORDS:
        raise InvalidInputError("words", "Write no more than {most} characters.", most=LONGEST_WORDS)
    if response.kind in _OFFERS:
        _check_offer(response)
    elif response.starts_on is not None or response.yearly_cost is not None:
        raise InvalidInputError("kind", "Only an offer has a start date and a cost.")
    if (response.kind is ResponseKind.DECLINE) != (response.decline_code is not None):
        raise InvalidInputError("decline_code", "Choose why you decline, and only if you decline.")
    if _needs_words(response) and not response.words.strip():
        raise InvalidInputError("words", _MISSING_WORDS[response.kind])


_MISSING_WORDS = {
    ResponseKind.OFFER_WITH_CONDITIONS: "Say what the conditions are.",
    ResponseKind.DECLINE: "Say what the other reason is.",
    ResponseKind.NEED_MORE_INFORMATION: "Say what you need to know.",
}


def _needs_words(response: Response) -> bool:
    return (
        response.kind in {ResponseKind.OFFER_WITH_CONDITIONS, ResponseKind.NEED_MORE_INFORMATION}
        or response.decline_code is DeclineCode.OTHER
    )


def _check_offer(response: Response) -> None:
    if response.starts_on is None:
        raise InvalidInputError("starts_on", "Enter the earliest day on which the learner could start.")
    if response.yearly_cost is None or not 0 < response.yearly_cost <= HIGHEST_COST:
        raise InvalidInputError("yearly_cost", "Enter the cost for a year, in whole pounds.")
