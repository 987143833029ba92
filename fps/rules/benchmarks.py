"""What may be shown of many prices without showing one, however many benchmarks a reader puts together.

A benchmark is read by people who must not know a provider's price (the lead authority sees statistics only, DOMAIN.md
1.3). They know who stands on which lot since when, and keep what they have read. So it follows V10's care for small
numbers, and more:

- Nothing is shown for fewer than 5 settings or fewer than 5 providers, or where one price outweighs the others.
- Each provider counts once, by the mean of its settings' prices; each figure is the mean of 5 providers or more.
- Whatever is published is kept with the set of providers it is about. A new benchmark is published only if all of them
  together, on every lot, of every kind and quarter, say of no provider more than one mean over three would. Where they
  would say more, the figure stays as it was published.

The last is the auditing of linear disclosure: figures are sums over sets of providers, so all that can be put together
from them is the space that these sets span. How much of one provider lies in it, between none and all, is its leverage.
A mean over n providers gives each 1/n; two figures that differ by one provider give it 1, by two at least 1/2.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from types import MappingProxyType

from fps.model.fees import POUND, Charged, Figure, Prepared, Unit

FEWEST_SETTINGS = 5
FEWEST_PROVIDERS = 5
THIRDS_FROM = 15
FEWEST_CHANGED = 3
MOST_TOLD = 1 / 3
"""How much of one provider all benchmarks together may tell: what one mean over three tells."""
REMEMBERED_QUARTERS = 8
"""For how long prices on different lots and days are taken to be the same; two years bring two uplifts."""
_WITHIN = 0.2
"""Who knows the second highest price must not learn the highest to within this part of it (the p% rule)."""
_EPSILON = 1e-9
_STEPS: Mapping[Unit, int] = MappingProxyType(
    {
        Unit.YEAR: 1000 * POUND,
        Unit.TERM: 500 * POUND,
        Unit.WEEK: 25 * POUND,
        Unit.NIGHT: 10 * POUND,
        Unit.DAY: 10 * POUND,
        Unit.HOUR: 2 * POUND,
    }
)
"""To what figures are rounded, in pence."""
_COUNTS = ((50, "50 or more"), (20, "20 to 49"), (10, "10 to 19"), (FEWEST_SETTINGS, "5 to 9"))
_THIRDS = (Figure.LOWER, Figure.MIDDLE, Figure.UPPER)


class Ledger:
    """What sums over sets have been told, and how much of each member they tell together."""

    def __init__(self) -> None:
        self._basis: list[dict[Hashable, float]] = []
        self._told: dict[Hashable, float] = {}

    def tells(self, member: Hashable) -> float:
        """Return how much is told of one, from 0 to 1."""
        return self._told.get(member, 0.0)

    def note(self, groups: Iterable[Iterable[Hashable]]) -> None:
        """Take in what was published."""
        parts = self._beyond(groups)
        self._basis += parts
        self._told = self._with(parts)

    def admits(self, groups: Iterable[Iterable[Hashable]]) -> bool:
        """Tell whether sums over these sets may be published too."""
        return all(share <= MOST_TOLD + _EPSILON for share in self._with(self._beyond(groups)).values())

    def _with(self, parts: Iterable[Mapping[Hashable, float]]) -> dict[Hashable, float]:
        told = dict(self._told)
        for part in parts:
            for member, share in part.items():
                told[member] = told.get(member, 0.0) + share * share
        return told

    def _beyond(self, groups: Iterable[Iterable[Hashable]]) -> list[dict[Hashable, float]]:
        """Return what these sums say that was not told before, as vectors at right angles of length 1."""
        new: list[dict[Hashable, float]] = []
        for group in groups:
            rest: dict[Hashable, float] = dict.fromkeys(group, 1.0)
            for _ in range(2):  # once more, because rounding leaves a little of what was taken away
                for known in (*self._basis, *new):
                    _take_away(rest, known)
            length = math.sqrt(sum(share * share for share in rest.values()))
            if length > _EPSILON:
                new.append({member: share / length for member, share in rest.items() if abs(share) > _EPSILON})
        return new


def _take_away(rest: dict[Hashable, float], known: Mapping[Hashable, float]) -> None:
    common = sum(share * rest.get(member, 0.0) for member, share in known.items())
    if common:
        for member, share in known.items():
            rest[member] = rest.get(member, 0.0) - common * share


def differ_enough(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Tell whether two benchmarks of one thing, by provider and mark, are about the same or differ by 3 or more.

    Who came, went or changed a price counts: a sum of two uplifts, where uplifts are known in per cent, is two prices.
    """
    changed = sum(one.get(name) != other.get(name) for name in {*one, *other})
    return not 0 < changed < FEWEST_CHANGED


def benchmark_day(today: date) -> date:
    """Return the first day of the quarter: the one day of which benchmarks are made."""
    return date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)


def remembered_since(day: date) -> date:
    """Return the first quarter whose benchmarks still count, and are still shown where no newer one could follow."""
    quarters = day.year * 4 + (day.month - 1) // 3 - REMEMBERED_QUARTERS + 1
    return date(quarters // 4, 3 * (quarters % 4) + 1, 1)


def prepared(charged: Iterable[Charged], unit: Unit) -> list[Prepared]:
    """Return what may be shown of prices for one thing on one lot taken by itself (V10), what says most first.

    Thirds need many providers; one mean of all remains where thirds would say too much. Nothing where they are too few.
    """
    by_provider: dict[str, list[Charged]] = defaultdict(list)
    for each in charged:
        by_provider[each.provider_id].append(each)
    settings = sum(len({each.setting_id for each in own}) for own in by_provider.values())
    prices = {provider: _price(own) for provider, own in by_provider.items()}
    if settings < FEWEST_SETTINGS or len(prices) < FEWEST_PROVIDERS or _is_dominated(list(prices.values())):
        return []
    ordered = sorted(prices, key=lambda provider: (prices[provider], provider))
    count = next(words for least, words in _COUNTS if settings >= least)
    return [
        Prepared(
            {figure: _rounded(_mean([prices[one] for one in group]), _STEPS[unit]) for figure, group in groups.items()},
            tuple({one: _version(by_provider[one]) for one in group} for group in groups.values()),
            count,
        )
        for groups in _groups(ordered)
    ]


def _groups(ordered: Sequence[str]) -> list[dict[Figure, Sequence[str]]]:
    """Return of which providers each figure is the mean: where they are many of each third by price, else of all."""
    whole: dict[Figure, Sequence[str]] = {Figure.MIDDLE: ordered}
    if len(ordered) < THIRDS_FROM:
        return [whole]
    ends = [round(len(ordered) * part / 3) for part in range(4)]
    return [{figure: ordered[ends[part] : ends[part + 1]] for part, figure in enumerate(_THIRDS)}, whole]


def _price(own: Sequence[Charged]) -> float:
    by_setting: dict[str, list[int]] = defaultdict(list)
    for each in own:
        by_setting[each.setting_id].append(each.pence)
    return _mean([_mean(bands) for bands in by_setting.values()])


def _version(own: Sequence[Charged]) -> str:
    """Return what changes whenever a provider's prices do, and tells none of them."""
    return sha256(" ".join(sorted(each.fee_id for each in own)).encode()).hexdigest()[:16]


def _is_dominated(prices: Sequence[float]) -> bool:
    first, second = sorted(prices, reverse=True)[:2]
    return sum(prices) - first - second < _WITHIN * first


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _rounded(pence: float, step: int) -> int:
    return max(step, round(pence / step) * step)
