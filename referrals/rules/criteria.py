from __future__ import annotations

from kernel.errors import InvalidInputError
from referrals.model.criteria import WHOLE, Weights


def check_weights(weights: Weights) -> None:
    """Raise InvalidInputError unless each weight is from 0 to 100 and all together are 100 (R24)."""
    for criterion, points in weights.points.items():
        if not 0 <= points <= WHOLE:
            raise InvalidInputError(f"weight-{criterion}", "Enter a whole number from 0 to 100.")
    total = sum(weights.points.values())
    if total != WHOLE:
        raise InvalidInputError("weights", "The weights must add up to 100. They now add up to {total}.", total=total)
