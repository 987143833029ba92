"""Records of a referral whose content the audit log vouches for, so that a changed one is found (R34)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self


class Record(StrEnum):
    """A kind of record."""

    ROUTE = "route"
    VERSION = "version"
    APPROVAL = "approval"
    LATE = "late"
    EVALUATOR = "evaluator"
    SCORES = "scores"
    AGREED = "agreed"
    MODERATION = "moderation"
    VIEW = "view"
    DUTY = "duty"
    DECISION = "decision"
    TOLD = "told"
    BEGUN = "begun"

    @property
    def words(self) -> str:
        """The kind as a proof names it."""
        return _WORDS[self]


_WORDS: Mapping[Record, str] = MappingProxyType(
    {
        Record.ROUTE: "Route and what it demands",
        Record.VERSION: "Reasons and terms of each version",
        Record.APPROVAL: "Approvals by a colleague",
        Record.LATE: "Late answers let in",
        Record.EVALUATOR: "Evaluators and their declarations",
        Record.SCORES: "Scores of each evaluator",
        Record.AGREED: "Agreed scores",
        Record.MODERATION: "Record of the moderation",
        Record.VIEW: "Family's view",
        Record.DUTY: "What law puts first",
        Record.DECISION: "Award",
        Record.TOLD: "Telling of the outcome",
        Record.BEGUN: "Beginning of the placement",
    }
)


@dataclass(frozen=True)
class Kept:
    """What a record says, as a SHA-256, and the people it names, in their order.

    People stand apart because two accounts of one person can be merged later. `owner` is whose record it is where each
    has their own.
    """

    record: Record
    key: str
    hash: str
    people: tuple[str, ...] = ()
    owner: str = ""

    @property
    def plain(self) -> dict[str, Any]:
        """The record as a line of the audit log keeps it."""
        return {**asdict(self), "people": list(self.people)}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Return what `plain` gave."""
        return cls(Record(kept["record"]), kept["key"], kept["hash"], tuple(kept["people"]), kept["owner"])
