"""What offers are judged by, and how much each criterion weighs (R24)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Self

WHOLE = 100
"""What the weights of an issue add up to."""
BEST_SCORE = 5
"""Scores go from 0 to this (R25)."""


class Criterion(StrEnum):
    """What an offer can be judged by, in the vocabulary of light-touch law (R24)."""

    SPECIFIC_NEEDS = "specific_needs"
    QUALITY = "quality"
    INVOLVEMENT = "involvement"
    ACCESSIBILITY = "accessibility"
    AFFORDABILITY = "affordability"
    CONTINUITY = "continuity"
    AVAILABILITY = "availability"
    COMPREHENSIVENESS = "comprehensiveness"
    INNOVATION = "innovation"

    @property
    def words(self) -> str:
        """The criterion as pages name it."""
        return _WORDS[self][0]

    @property
    def asks(self) -> str:
        """What an evaluator looks at."""
        return _WORDS[self][1]


_WORDS: Mapping[Criterion, tuple[str, str]] = MappingProxyType(
    {
        Criterion.SPECIFIC_NEEDS: ("Meets the need and the outcomes", "How well the offer meets this learner's needs."),
        Criterion.QUALITY: ("Quality record", "What inspections and quality visits have found."),
        Criterion.INVOLVEMENT: ("Family's and learner's view", "What the family and the learner say of the offer."),
        Criterion.ACCESSIBILITY: ("Access and start date", "Travel, access to the place, and when it can start."),
        Criterion.AFFORDABILITY: ("Price", "What the place costs a year, for what it gives."),
        Criterion.CONTINUITY: ("Continuity", "How steady the place will be through the phases of education."),
        Criterion.AVAILABILITY: ("Availability", "How sure it is that the place and the staff are there."),
        Criterion.COMPREHENSIVENESS: ("Comprehensiveness", "How much of what is needed comes from one hand."),
        Criterion.INNOVATION: ("Innovation", "New ways that help the learner."),
    }
)


@dataclass(frozen=True)
class Weights:
    """Points for each criterion, which add up to 100; a criterion without points is not judged.

    Fixed in the issued version: nobody can move them once answers come in (R24).
    """

    points: Mapping[Criterion, int]

    @classmethod
    def of(cls, plain: Mapping[str, int] | None) -> Self:
        """Return the weights of their plain form; the defaults for an issue from before weights were kept."""
        return cls({Criterion(name): points for name, points in plain.items()}) if plain else cls(DEFAULT_POINTS)

    @property
    def plain(self) -> dict[str, int]:
        """The weights in the form in which they are kept, hashed and shown to providers."""
        return {criterion.value: points for criterion, points in self}

    def __iter__(self) -> Iterator[tuple[Criterion, int]]:
        """Yield the criteria that count with their points, the heaviest first, else in the order of the vocabulary."""
        known = ((criterion, self.points.get(criterion, 0)) for criterion in Criterion)
        return iter(sorted(((one, points) for one, points in known if points), key=lambda each: -each[1]))

    @property
    def fractions(self) -> Mapping[Criterion, Fraction]:
        """The points of the criteria that count, exact."""
        return {criterion: Fraction(points) for criterion, points in self}

    @property
    def used(self) -> tuple[Criterion, ...]:
        """The criteria that count, the heaviest first."""
        return tuple(criterion for criterion, _ in self)


DEFAULT_POINTS: Mapping[Criterion, int] = MappingProxyType(
    {
        Criterion.SPECIFIC_NEEDS: 50,
        Criterion.QUALITY: 15,
        Criterion.INVOLVEMENT: 15,
        Criterion.ACCESSIBILITY: 10,
        Criterion.AFFORDABILITY: 10,
    }
)
DEFAULT_WEIGHTS = Weights(DEFAULT_POINTS)
"""What a draft begins with (R24, own)."""
