"""The Individual Placement Agreement as a document for signature, whatever the format (R28).

Its wording follows the heads of the national contract's Schedule 2; a council adapts it to its own contract.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from referrals.model.placements import Part, PlacementCard

BLANK = "\u00a0" * 40
"""A line to fill in by hand."""


@dataclass(frozen=True)
class Identity:
    """Who the learner is: typed in when the document is made, and never kept. Empty fields are lines to fill in."""

    name: str = ""
    born: str = ""
    learner_number: str = ""
    address: str = ""


@dataclass(frozen=True)
class Parties:
    """Who agrees, with the numbers of the legal entities; `contacts` are pairs of side and name."""

    council: str
    council_code: str
    framework: str
    lot: str
    suppliers: Sequence[tuple[str, str, str]]
    """Supplier, its legal entity, and its numbers, for each part in order."""
    contacts: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Section:
    """A head of the document: rows of name and value, a table, or sentences. A value that is BLANK is a line."""

    title: str
    rows: Sequence[tuple[str, str]] = ()
    head: Sequence[str] = ()
    table: Sequence[Sequence[str]] = ()
    sentences: Sequence[str] = ()


@dataclass(frozen=True)
class Agreement:
    """A whole document: title, what stands under it, sections, and who signs."""

    title: str
    subtitle: str
    sections: Sequence[Section]
    signatures: Sequence[str] = field(default_factory=tuple)


def agreement_of(card: PlacementCard, parties: Parties, identity: Identity) -> Agreement:
    """Return the agreement of a placement as a document."""
    return Agreement(
        title="Individual Placement Agreement",
        subtitle=f"Placement {card.reference}",
        sections=tuple(_sections(card, parties, identity)),
        signatures=(
            f"For {parties.council}",
            *dict.fromkeys(f"For {entity or supplier}" for supplier, entity, _ in parties.suppliers),
        ),
    )


def _sections(card: PlacementCard, parties: Parties, identity: Identity) -> Iterator[Section]:
    yield Section("Parties", rows=_parties(card, parties))
    yield Section(
        "The learner",
        rows=(
            ("Full name", identity.name or BLANK),
            ("Date of birth", identity.born or BLANK),
            ("Unique learner number", identity.learner_number or BLANK),
            ("Address", identity.address or BLANK),
            ("The council's code", card.learner_code or BLANK),
        ),
    )
    yield Section(
        "The placement",
        rows=(
            ("What it rests on", card.basis.words if card.basis else BLANK),
            ("Kind", card.kind.words),
            ("How it was bought", card.route.words),
            ("Admission date", _day(card.starts_on)),
            ("Last day", _day(card.ends_on)),
        ),
    )
    yield Section("Hours and weeks", head=("Supplier", "Service", "Hours a week", "Weeks a year"), table=_hours(card))
    yield Section(
        "Fees for a year, in pounds",
        head=("Supplier", "Education", "Care", "Therapy", "Transport", "Total"),
        table=_fees(card),
    )
    yield Section("Outcomes", sentences=tuple(card.outcomes.splitlines()) or (BLANK,))
    yield Section("Reviews", head=("Review", "Day"), table=_reviews(card))
    yield Section("Named contacts", rows=tuple(parties.contacts))
    yield Section("Terms", sentences=tuple(_terms(card, parties)))


def _parties(card: PlacementCard, parties: Parties) -> tuple[tuple[str, str], ...]:
    rows = [("Council", _with(parties.council, parties.council_code))]
    for supplier, entity, numbers in parties.suppliers:
        rows.append(("Supplier", _with(supplier, numbers)))
        if entity and entity != supplier:
            rows.append(("Legal entity", entity))
    if card.lot_id:
        rows.append(("Framework and lot", f"{parties.framework}, {parties.lot}"))
    return tuple(rows)


def _hours(card: PlacementCard) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (part.supplier, part.service, part.hours_a_week or BLANK, str(part.weeks_a_year or BLANK))
        for part in _current(card)
    )


def _fees(card: PlacementCard) -> tuple[tuple[str, ...], ...]:
    rows = [
        (
            part.supplier,
            *(_pounds(each) for each in (part.fees.education, part.fees.care, part.fees.therapy, part.fees.transport)),
            _pounds(part.fees.total),
        )
        for part in _current(card)
    ]
    if len(rows) > 1:
        rows.append(("All suppliers", "", "", "", "", _pounds(card.yearly_cost)))
    return tuple(rows)


def _reviews(card: PlacementCard) -> tuple[tuple[str, ...], ...]:
    rows = tuple((review.kind.words, _day(review.due_on)) for review in card.reviews if review.is_open)
    return rows or ((BLANK, BLANK),)


def _terms(card: PlacementCard, parties: Parties) -> Iterator[str]:
    yield "This agreement is a call-off under the contract named above and is read with it."
    yield "The learner is not moved to another place or service without the council's written consent."
    yield (
        f"This agreement ends by itself on {_day(card.ends_on)}, when the learner's phase of education ends, "
        "unless it ends earlier or all agree in writing that it goes on."
    )
    if card.outlasts_framework and card.framework_ends_on:
        yield (
            f"{parties.framework} ends on {_day(card.framework_ends_on)}. Until this agreement ends, the terms of its "
            "contract go on for this placement."
        )
    yield "The parties review the placement on the days above and tell each other at once of what changes it."


def _current(card: PlacementCard) -> Sequence[Part]:
    return [part for part in card.parts if part.ended_on is None or part.ended_on == card.ended_on]


def _with(name: str, number: str) -> str:
    return f"{name} ({number})" if number else name


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else BLANK


def _pounds(amount: int | None) -> str:
    return BLANK[:8] if amount is None else f"{amount:,}"
