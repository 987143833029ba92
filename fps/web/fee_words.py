from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fps.model.fees import KIND_WORDS, POUND, UNIT_WORDS, FeeCard, FeeKind, Figure, LotBenchmark, Unit

FIGURES: Mapping[Figure, str] = {
    Figure.LOWER: "Lower third",
    Figure.MIDDLE: "Middle",
    Figure.UPPER: "Upper third",
}
KINDS: Mapping[FeeKind, str] = KIND_WORDS
UNITS: Mapping[Unit, str] = UNIT_WORDS


def pounds(pence: int) -> str:
    """Write an amount: £1,250, or £95.50 where there are pence."""
    whole, rest = divmod(pence, POUND)
    return f"£{whole:,}.{rest:02}" if rest else f"£{whole:,}"


def change(per_cent: float | None) -> str:
    """Write by how much a price differs from the one before it."""
    if per_cent is None:
        return "First price"
    return "No change" if abs(per_cent) < 0.05 else f"{per_cent:+.1f}%"  # noqa: PLR2004 - what rounds to nothing


def state(fee: FeeCard, today: date) -> tuple[str, str]:
    """Return how a price stands on a day, as a tag."""
    if fee.valid_from > today:
        return "To come", "blue"
    if fee.valid_until is not None and fee.valid_until < today:
        return "Ended", "grey"
    return "Holds", "green"


@dataclass(frozen=True)
class Mark:
    """One figure on a chart."""

    name: str
    value: int
    text: str


@dataclass(frozen=True)
class Row:
    """One line of a chart and of its table; without marks there is too little to show."""

    label: str
    marks: tuple[Mark, ...]
    note: str


@dataclass(frozen=True)
class Chart:
    """How prices in one unit lie on one lot, by what they are for."""

    title: str
    unit: Unit
    rows: tuple[Row, ...]


def charts(found: Sequence[LotBenchmark]) -> list[Chart]:
    """Return the benchmarks of one lot as charts, one a unit: amounts in different units cannot be compared."""
    return [
        Chart(f"Prices for {UNITS[unit]}", unit, rows)
        for unit in Unit
        if (rows := tuple(_row(each) for kind in FeeKind for each in found if (each.kind, each.unit) == (kind, unit)))
    ]


def _row(found: LotBenchmark) -> Row:
    marks = tuple(
        Mark(words, found.figures[figure], pounds(found.figures[figure]))
        for figure, words in FIGURES.items()
        if figure in found.figures
    )
    if found.day is None:
        return Row(KINDS[found.kind], (), "Not shown")
    return Row(KINDS[found.kind], marks, f"{found.settings} settings on {found.day.day} {found.day:%B %Y}")
