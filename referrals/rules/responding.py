from __future__ import annotations

from kernel.errors import InvalidInputError
from referrals.model.answers import CostPart, Costs, DeclineCode, Response, ResponseKind

LONGEST_WORDS = 4000
HIGHEST_COST = 2_000_000
MOST_FILES = 5
OFFERS = frozenset({ResponseKind.OFFER, ResponseKind.OFFER_WITH_CONDITIONS})


def check_response(response: Response) -> None:
    """Raise InvalidInputError where a response lacks what its kind needs, or carries what it may not (R23).

    The fields of the errors are those of the form: a part of the costs has its own name.
    """
    if response.kind in OFFERS:
        _check_offer(response)
    elif response.starts_on is not None or response.costs is not None:
        raise InvalidInputError("kind", "Only an offer has a start date and costs.")
    _check_reason(response)
    _check_words(response)
    if len(response.files) > MOST_FILES:
        raise InvalidInputError("files", "Send no more than {most} files with an answer.", most=MOST_FILES)


def _check_offer(response: Response) -> None:
    if response.starts_on is None:
        raise InvalidInputError("starts_on", "Enter the earliest day on which the learner could start.")
    _check_costs(response.costs or Costs())


def _check_costs(costs: Costs) -> None:
    for part, pounds in costs:
        if not 0 <= pounds <= HIGHEST_COST:
            raise InvalidInputError(part.value, "Enter a cost between 0 and {most} pounds.", most=f"{HIGHEST_COST:,}")
    if costs.unsplit:
        raise InvalidInputError(CostPart.EDUCATION, "Split the cost into its parts.")
    if not 0 < costs.total <= HIGHEST_COST:
        raise InvalidInputError(CostPart.EDUCATION, "Enter what a year costs, in whole pounds, in at least one part.")


def _check_reason(response: Response) -> None:
    if (response.kind is ResponseKind.DECLINE) != (response.decline_code is not None):
        raise InvalidInputError("decline_code", "Choose why you decline, and only if you decline.")
    if response.decline_code is DeclineCode.OTHER and not response.words.strip():
        raise InvalidInputError("words", "Say what the other reason is.")


def _check_words(response: Response) -> None:
    needed = {
        "conditions": (
            response.conditions,
            ResponseKind.OFFER_WITH_CONDITIONS,
            "Say what the conditions are.",
            "Only an offer with conditions has conditions.",
        ),
        "information_wanted": (
            response.information_wanted,
            ResponseKind.NEED_MORE_INFORMATION,
            "Say what you need to know.",
            "Only if you ask for more information say what you need to know.",
        ),
    }
    for field, (text, kind, missing, too_much) in needed.items():
        if response.kind is kind and not text.strip():
            raise InvalidInputError(field, missing)
        if response.kind is not kind and text.strip():
            raise InvalidInputError(field, too_much)
        _check_length(field, text)
    _check_length("words", response.words)


def _check_length(field: str, text: str) -> None:
    if len(text) > LONGEST_WORDS:
        raise InvalidInputError(field, "Write no more than {most} characters.", most=f"{LONGEST_WORDS:,}")
