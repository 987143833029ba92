"""When a price holds.

A price that has held is never rewritten: a new one ends the one before it on the day before its own first day, so that
the history of uplifts stays. What may be shown of many prices is in fps.rules.benchmarks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from fps.model.fees import LONGEST_BAND, MOST_PENCE, POUND, STANDARD, FeeCard
from kernel.errors import ConflictError, InvalidInputError

_AMOUNT = re.compile(r"£?\s*(?P<pounds>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?:\.(?P<pence>[0-9]{2}))?")
EARLIEST = date(2015, 1, 1)
FARTHEST = timedelta(days=3 * 365)


def pence_of(written: str) -> int:
    """Read an amount in pounds, such as 1,250 or £95.50; raises InvalidInputError for anything else."""
    found = _AMOUNT.fullmatch(written.strip())
    if found is None:
        raise InvalidInputError("amount", "Enter an amount in pounds, like 1,250 or 95.50.")
    return int(found["pounds"].replace(",", "")) * POUND + int(found["pence"] or 0)


def checked_band(band: str) -> str:
    """Return a band's name without idle space, the standard one where nothing is said."""
    found = " ".join(band.split()) or STANDARD
    if len(found) > LONGEST_BAND:
        raise InvalidInputError("band", "Use {most} letters or fewer.", most=LONGEST_BAND)
    return found


def check_amount(pence: int) -> None:
    """Raise InvalidInputError for an amount that cannot be a price."""
    if not 0 < pence <= MOST_PENCE:
        raise InvalidInputError("amount", "Enter an amount between 1p and £1,000,000.")


def check_days(valid_from: date, valid_until: date | None, today: date) -> None:
    """Raise InvalidInputError for days that cannot be, or that lie too far away to be meant."""
    if not EARLIEST <= valid_from <= today + FARTHEST:
        raise InvalidInputError("valid_from", "Enter a first day between 1 January 2015 and three years from now.")
    if valid_until is not None and valid_until < valid_from:
        raise InvalidInputError("valid_until", "The last day cannot be before the first day.")


def ended_by(standing: Sequence[FeeCard], valid_from: date, valid_until: date | None, today: date) -> FeeCard | None:
    """Return the price that a new one ends the day before it begins, None where there is none to end.

    `standing` are the prices of the same setting, lot, kind, band and unit that were not withdrawn. Raises
    InvalidInputError where the new one would rewrite a day on which a price has held, ConflictError where one already
    stands for a day to come.
    """
    overlapping = [fee for fee in standing if _overlaps(fee, valid_from, valid_until)]
    if not overlapping:
        return None
    if valid_from <= today:
        raise InvalidInputError(
            "valid_from", "There is a price for these days already. A new one can begin tomorrow at the earliest."
        )
    later = [fee for fee in overlapping if fee.valid_from >= valid_from]
    if later:
        raise ConflictError(
            "A price from {day} is entered already. Withdraw it first, or give this one a last day before it.",
            day=f"{later[0].valid_from.day} {later[0].valid_from:%B %Y}",
        )
    return overlapping[0]


def _overlaps(fee: FeeCard, valid_from: date, valid_until: date | None) -> bool:
    return (valid_until is None or fee.valid_from <= valid_until) and (
        fee.valid_until is None or fee.valid_until >= valid_from
    )


def check_withdrawal(fee: FeeCard, today: date) -> None:
    """Raise ConflictError for a price that holds or has held: councils may have bought by it."""
    if fee.valid_from <= today:
        raise ConflictError("This price holds already. Enter a new price from a day to come in its place.")


def uplifts(fees: Sequence[FeeCard]) -> dict[str, float]:
    """Return by id by how many per cent a price differs from the one before it, of the same thing in the same band."""
    by_thing: dict[tuple[str, str, str, str], list[FeeCard]] = defaultdict(list)
    for fee in fees:
        by_thing[fee.lot_id, fee.kind, fee.band, fee.unit].append(fee)
    found = {}
    for line in by_thing.values():
        ordered = sorted(line, key=lambda fee: fee.valid_from)
        for before, after in pairwise(ordered):
            found[after.id] = 100 * (after.pence - before.pence) / before.pence
    return found
