from __future__ import annotations

from kernel.errors import InvalidInputError
from referrals.model import YEAR_GROUPS, AgeBand, Need

LONGEST_TEXT = 4000
REQUIRED = {
    "outcomes": "Write what the learner should achieve.",
    "travel_zone": "Say how far or where the learner can travel.",
}
MOST_HOURS = 40
_OTHER_AGES = {"Nursery": range(3, 5), "Reception": range(4, 6), "After Year 14": range(19, 26)}


def ages_in(year_group: str) -> range:
    """Return the ages of learners in a year group, at its beginning and at its end."""
    number = year_group.removeprefix("Year ")
    return range(int(number) + 4, int(number) + 6) if number.isdigit() else _OTHER_AGES[year_group]


def fits(age_band: AgeBand, year_group: str) -> bool:
    """Tell whether a learner of the band can be in the year group, taught with their own year or the next one to it."""
    ages = ages_in(year_group)
    return min(ages) - 1 <= max(age_band.ages) and min(age_band.ages) <= max(ages) + 1


def check_need(need: Need) -> None:
    """Raise InvalidInputError where a draft lacks what a referral needs, or has too much of it."""
    if need.year_group not in YEAR_GROUPS:
        raise InvalidInputError("year_group", "Choose a year group.")
    if not fits(need.age_band, need.year_group):
        ages = ages_in(need.year_group)
        raise InvalidInputError(
            "year_group",
            "{year} is for ages {youngest} to {oldest}. Check the year group and the age band.",
            year=need.year_group,
            youngest=min(ages),
            oldest=max(ages),
        )
    if need.weekly_hours is not None and not 0 < need.weekly_hours <= MOST_HOURS:
        raise InvalidInputError("weekly_hours", "Enter the hours a week, from 1 to {most}.", most=MOST_HOURS)
    for field, text in need.free_text.items():
        if field in REQUIRED and not text.strip():
            raise InvalidInputError(field, REQUIRED[field])
        if len(text) > LONGEST_TEXT:
            raise InvalidInputError(field, "Write no more than {most} characters.", most=LONGEST_TEXT)
    if need.starts_until < need.starts_from:
        raise InvalidInputError("starts_until", "The last start day must be on or after the first.")
