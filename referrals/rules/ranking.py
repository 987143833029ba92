"""Which offer ranks first, and whether it would under other weights. Exact: no rounding decides who wins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from referrals.model.criteria import BEST_SCORE, WHOLE, Criterion, Weights

STEP = 10
"""By how many points each weight is moved to see whether the ranking holds."""

Scores = Mapping[str, Mapping[Criterion, int]]
"""Offer by offer, its settled score for each criterion that counts."""
Points = Mapping[Criterion, Fraction]


@dataclass(frozen=True)
class Ranked:
    """An offer with its points out of 100 and its place; offers with equal points share one.

    `is_by_law`: it stands first because a duty to name it or an order says so, whatever its points (R26).
    """

    recipient_id: str
    points: Fraction
    place: int
    is_by_law: bool


@dataclass(frozen=True)
class Variant:
    """Other weights, and what the offers would have under them; `leaders` have the most points."""

    title: str
    points: Mapping[str, Fraction]
    leaders: tuple[str, ...]


@dataclass(frozen=True)
class Sensitivity:
    """How the ranking stands under the weights of the issue and under the variants of them."""

    issued: Variant
    variants: tuple[Variant, ...]

    @property
    def held(self) -> int:
        """In how many variants the same offers lead as under the weights of the issue."""
        return sum(set(variant.leaders) == set(self.issued.leaders) for variant in self.variants)

    def span(self, recipient_id: str) -> tuple[Fraction, Fraction]:
        """Return the fewest and the most points that an offer has under any of the weights."""
        points = [variant.points[recipient_id] for variant in (self.issued, *self.variants)]
        return min(points), max(points)


def points_of(scores: Mapping[Criterion, int], weights: Points) -> Fraction:
    """Return an offer's points out of 100: each score out of 5, by its weight (R24)."""
    return sum((weight * scores[criterion] / BEST_SCORE for criterion, weight in weights.items()), Fraction())


def rank(scores: Scores, weights: Weights, by_law: str | None = None) -> tuple[Ranked, ...]:
    """Return the offers in their order; what law puts first stands first whatever its points (R24, R26)."""
    own = weights.fractions
    totals = {recipient_id: points_of(given, own) for recipient_id, given in scores.items()}
    order = sorted(totals, key=lambda each: (each != by_law, -totals[each], each))
    return tuple(Ranked(each, totals[each], _place(each, totals, by_law), is_by_law=each == by_law) for each in order)


def _place(recipient_id: str, totals: Mapping[str, Fraction], by_law: str | None) -> int:
    if recipient_id == by_law:
        return 1
    ahead = sum(other == by_law or points > totals[recipient_id] for other, points in totals.items())
    return ahead + 1


def sensitivity(scores: Scores, weights: Weights) -> Sensitivity:
    """Return how the points move when weights do: each 10 points up and down, and all of them equal (R24)."""
    issued = _variant("As issued", scores, weights.fractions)
    return Sensitivity(issued, tuple(_variant(title, scores, points) for title, points in variants(weights)))


def variants(weights: Weights) -> Iterator[tuple[str, Points]]:
    """Yield the other weights, each with a title; they add up to 100 too.

    What one criterion gains or loses, the others give or take in proportion; none falls below nothing.
    """
    own = weights.fractions
    for criterion, points in own.items():
        for moved in (min(points + STEP, Fraction(WHOLE)), max(points - STEP, Fraction(0))):
            if len(own) > 1 and moved != points:
                yield _title(criterion, points, moved), _moved(own, criterion, moved)
    if len(own) > 1:
        yield "All weights equal", dict.fromkeys(own, Fraction(WHOLE, len(own)))


def leaders(ranked: Sequence[Ranked]) -> tuple[str, ...]:
    """Return who stands first; more than one where they have the same points."""
    return tuple(each.recipient_id for each in ranked if each.place == 1)


def _title(criterion: Criterion, points: Fraction, moved: Fraction) -> str:
    return f"{criterion.words}: {moved} instead of {points}"


def _moved(own: Points, criterion: Criterion, moved: Fraction) -> Points:
    rest = WHOLE - own[criterion]
    return {each: moved if each is criterion else points * (WHOLE - moved) / rest for each, points in own.items()}


def _variant(title: str, scores: Scores, weights: Points) -> Variant:
    points = {recipient_id: points_of(given, weights) for recipient_id, given in scores.items()}
    return Variant(title, points, _most(points.items()))


def _most(points: Iterable[tuple[str, Fraction]]) -> tuple[str, ...]:
    given = list(points)
    most = max((each for _, each in given), default=Fraction(0))
    return tuple(recipient_id for recipient_id, each in given if each == most)
