"""When a price holds, and what may be shown of many prices without showing one.

A price that has held is never rewritten: a new one ends the one before it on the day before its own first day, so that
the history of uplifts stays.

A benchmark is read by people who must not know a provider's price (the lead authority sees statistics only, DOMAIN.md
1.3), so it follows V10's care for small numbers, adapted to prices:

- Nothing is shown for fewer than 5 settings or fewer than 3 providers.
- Each provider counts once, by the mean of its settings' prices: who has many settings would be the median itself.
- Each figure is the mean over at least 3 providers, and no provider is in two figures: no sum or difference of figures
  is about fewer than three. The lowest and the highest price are never shown, the low and high end are means too.
- Figures are rounded by unit, and the number of settings is told in steps.
- There are no filters below lot, kind and unit, and one date only, the first day of the quarter, by what was recorded
  before it. Nothing that is entered later changes it, so that no two readings within a quarter can be subtracted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from types import MappingProxyType

from fps.model.fees import LONGEST_BAND, MOST_PENCE, POUND, STANDARD, Benchmark, Charged, FeeCard, Figure, Unit
from kernel.errors import ConflictError, InvalidInputError

FEWEST_SETTINGS = 5
FEWEST_PROVIDERS = 3
_AMOUNT = re.compile(r"£?\s*(?P<pounds>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?:\.(?P<pence>[0-9]{2}))?")
_STEPS: Mapping[Unit, int] = MappingProxyType(
    {
        Unit.YEAR: 500 * POUND,
        Unit.TERM: 200 * POUND,
        Unit.WEEK: 10 * POUND,
        Unit.NIGHT: 5 * POUND,
        Unit.DAY: 5 * POUND,
        Unit.HOUR: POUND,
    }
)
"""To what figures are rounded, in pence."""
_COUNTS = ((50, "50 or more"), (20, "20 to 49"), (10, "10 to 19"), (FEWEST_SETTINGS, "5 to 9"))
_SHAPES: tuple[tuple[int, Mapping[Figure, float]], ...] = (
    (24, {Figure.LOW: 0.1, Figure.LOWER: 0.25, Figure.MIDDLE: 0.5, Figure.UPPER: 0.75, Figure.HIGH: 0.9}),
    (13, {Figure.LOWER: 0.25, Figure.MIDDLE: 0.5, Figure.UPPER: 0.75}),
    (FEWEST_PROVIDERS, {Figure.MIDDLE: 0.5}),
)
"""From how many providers on which figures are shown, and which part of the providers charges less than each."""
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


def benchmark_day(today: date) -> date:
    """Return the first day of the quarter: the one day of which benchmarks are shown."""
    return date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)


def benchmark(charged: Iterable[Charged], unit: Unit) -> Benchmark:
    """Return what may be shown of the prices for one thing on one lot (V10); nothing where they are too few."""
    by_provider: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for each in charged:
        by_provider[each.provider_id][each.setting_id].append(each.pence)
    count = sum(len(settings) for settings in by_provider.values())
    if count < FEWEST_SETTINGS or len(by_provider) < FEWEST_PROVIDERS:
        return Benchmark({}, "")
    prices = sorted(_mean([_mean(bands) for bands in settings.values()]) for settings in by_provider.values())
    figures = {
        figure: _rounded(_mean(prices[first : first + wide]), _STEPS[unit])
        for figure, (first, wide) in groups(len(prices)).items()
    }
    return Benchmark(figures, next(words for least, words in _COUNTS if count >= least))


def groups(providers: int) -> dict[Figure, tuple[int, int]]:
    """Return of which providers, counted from the lowest price on, each figure is the mean: from where, and how many.

    Each holds at least three providers, and none is in two of them.
    """
    shape = next((shape for least, shape in _SHAPES if providers >= least), {})
    wide = FEWEST_PROVIDERS if len(shape) > 1 else FEWEST_PROVIDERS + (providers - FEWEST_PROVIDERS) % 2
    return {figure: (round(part * providers - wide / 2), wide) for figure, part in shape.items()}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _rounded(pence: float, step: int) -> int:
    return max(step, round(pence / step) * step)


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
