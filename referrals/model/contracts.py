"""Contracts that a council has with settings beside the framework's competitions (R6, R8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ContractKind(StrEnum):
    """A block of places that was bought together, or a contract from before the framework."""

    BLOCK = "block"
    EXISTING = "existing"

    @property
    def words(self) -> str:
        """The kind as pages name it."""
        return "Block contract" if self is ContractKind.BLOCK else "Existing contract"


@dataclass(frozen=True)
class ContractCard:
    """A contract. `until` is its last day, None where it runs on; `places` None where they are not counted."""

    id: str
    kind: ContractKind
    setting_id: str
    setting_name: str
    lot_id: str | None
    reference: str
    since: date
    until: date | None
    places: int | None
    taken: int

    @property
    def places_left(self) -> int | None:
        """How many places nobody holds; None where they are not counted."""
        return None if self.places is None else self.places - self.taken

    def is_live(self, on: date) -> bool:
        """Tell whether the contract holds on a day."""
        return self.since <= on and (self.until is None or on <= self.until)
