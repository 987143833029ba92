"""What placements and contracts hold of persons: whoever works with them. Who the learner is stands in none (R28)."""

from __future__ import annotations

from kernel.database import Base
from people.holdings import Fate, Holding
from referrals import tables

_WHY = "It is evidence of a placement: who called it off, who signed, who reviewed it, and when (R28, R34, R36)."
_UNTIL = "6 years after the placement agreement has ended"


def _kept(kind: str, title: str, row: type[Base], column: str, shown: dict[str, str]) -> Holding:
    return Holding(kind, title, row, Fate.KEEP, column, shown=shown, why=_WHY, until=_UNTIL)


PLACEMENT_HOLDINGS = (
    _kept(
        "contracts",
        "Contracts you recorded",
        tables.ContractRow,
        "recorded_by",
        {"reference": "Reference", "recorded_at": "Recorded"},
    ),
    _kept(
        "placements",
        "Placements you called off",
        tables.PlacementRow,
        "created_by",
        {"reference": "Reference", "created_at": "Called off"},
    ),
    _kept(
        "placement_contacts",
        "Placements of which you are the council's contact",
        tables.PlacementRow,
        "council_contact_id",
        {"reference": "Reference", "starts_on": "From", "ends_on": "Until"},
    ),
    _kept(
        "supplier_contacts",
        "Placements of which you are the supplier's contact",
        tables.PlacementRow,
        "provider_contact_id",
        {"reference": "Reference", "starts_on": "From", "ends_on": "Until"},
    ),
    _kept(
        "signatures",
        "Agreements of which you recorded the signatures",
        tables.PlacementRow,
        "signed_by",
        {"reference": "Reference", "signed_on": "Signed"},
    ),
    _kept(
        "ended_placements",
        "Placements you ended",
        tables.PlacementRow,
        "ended_by",
        {"reference": "Reference", "ended_on": "Last day", "end_words": "Words"},
    ),
    _kept(
        "placement_reviews",
        "Reviews of placements you recorded",
        tables.PlacementReviewRow,
        "held_by",
        {"placement_id": "Placement", "held_on": "Held", "words": "Words"},
    ),
)
