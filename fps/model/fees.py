"""What settings charge: for a place and for what comes on top, in bands, with the days on which it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

POUND = 100
"""Pence."""
MOST_PENCE = 100_000_000
LONGEST_BAND = 60
STANDARD = "Standard"


class FeeKind(StrEnum):
    """What is charged for."""

    PLACE = "place"
    ONE_TO_ONE = "one_to_one"
    TWO_TO_ONE = "two_to_one"
    THERAPY = "therapy"
    TRANSPORT = "transport"
    RESIDENTIAL = "residential"
    OTHER = "other"


class Unit(StrEnum):
    """For how long, or for what, an amount is."""

    YEAR = "year"
    TERM = "term"
    WEEK = "week"
    NIGHT = "night"
    DAY = "day"
    HOUR = "hour"


KIND_WORDS: Mapping[FeeKind, str] = {
    FeeKind.PLACE: "Place",
    FeeKind.ONE_TO_ONE: "One-to-one support",
    FeeKind.TWO_TO_ONE: "Two-to-one support",
    FeeKind.THERAPY: "Therapy",
    FeeKind.TRANSPORT: "Transport",
    FeeKind.RESIDENTIAL: "Residential",
    FeeKind.OTHER: "Other extra",
}
UNIT_WORDS: Mapping[Unit, str] = {
    Unit.YEAR: "a year",
    Unit.TERM: "a term",
    Unit.WEEK: "a week",
    Unit.NIGHT: "a night",
    Unit.DAY: "a day",
    Unit.HOUR: "an hour",
}


@dataclass(frozen=True)
class NewFee:
    """What a provider will charge from a day on, in pence for one unit."""

    setting_id: str
    lot_id: str
    kind: FeeKind
    band: str
    unit: Unit
    pence: int
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True)
class FeeCard:
    """A price of a setting on a lot and the days on which it holds, both included; no end while `valid_until` is None.

    `withdrawn_at` is set where it was taken back before it held.
    """

    id: str
    setting_id: str
    lot_id: str
    kind: FeeKind
    band: str
    unit: Unit
    pence: int
    valid_from: date
    valid_until: date | None
    recorded_by: str
    recorded_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class FeeLine:
    """A price with the names of whose it is, for lists."""

    fee: FeeCard
    setting: str
    district: str
    provider: str
    lot: str


@dataclass(frozen=True)
class Charged:
    """One price for a benchmark: who charges it where, in pence."""

    provider_id: str
    setting_id: str
    pence: int
    fee_id: str = ""


class Figure(StrEnum):
    """The figures of a benchmark, from the low end to the high one."""

    LOWER = "lower"
    MIDDLE = "middle"
    UPPER = "upper"


@dataclass(frozen=True)
class Prepared:
    """A benchmark that may be published, if it tells nothing together with those that were published before.

    `figures` are rounded pence. `groups` are the providers of whom each figure is the mean, in the order of the
    figures, each with a mark that changes when its prices do. `settings` says roughly how many settings there are.
    """

    figures: Mapping[Figure, int]
    groups: tuple[Mapping[str, str], ...]
    settings: str


@dataclass(frozen=True)
class LotBenchmark:
    """The benchmark of one kind of fee in one unit on one lot; no figures where nothing may be shown.

    `day` is of which it was published; `settings` says roughly how many settings it is about ("5 to 9").
    """

    lot_id: str
    kind: FeeKind
    unit: Unit
    figures: Mapping[Figure, int]
    settings: str = ""
    day: date | None = None
