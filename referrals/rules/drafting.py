from __future__ import annotations

from kernel.errors import InvalidInputError
from referrals.model import YEAR_GROUPS, Need

LONGEST_TEXT = 4000
REQUIRED = {
    "outcomes": "Write what the learner should achieve.",
    "travel_zone": "Say how far or where the learner can travel.",
}


def check_need(need: Need) -> None:
    """Raise InvalidInputError where a draft lacks what a referral needs, or has too much of it."""
    if need.year_group not in YEAR_GROUPS:
        raise InvalidInputError("year_group", "Choose a year group.")
    for field, text in need.free_text.items():
        if field in REQUIRED and not text.strip():
            raise InvalidInputError(field, REQUIRED[field])
        if len(text) > LONGEST_TEXT:
            raise InvalidInputError(field, "Write no more than {most} characters.", most=LONGEST_TEXT)
    if need.starts_until < need.starts_from:
        raise InvalidInputError("starts_until", "The last start day must be on or after the first.")
