"""What the routes demand of a commissioner, and no provider reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self


class DirectAwardReason(StrEnum):
    """Why one setting is asked without a competition (R5)."""

    BEST_INTERESTS = "best_interests"
    SPECIALIST_OFFER = "specialist_offer"
    CONTINUITY = "continuity"
    S38_REQUEST = "s38_request"
    TRIBUNAL_ORDER = "tribunal_order"
    EMERGENCY = "emergency"

    @property
    def words(self) -> str:
        """The reason as pages name it."""
        return _REASON_WORDS[self]


_REASON_WORDS: Mapping[DirectAwardReason, str] = MappingProxyType(
    {
        DirectAwardReason.BEST_INTERESTS: "The learner's best interests",
        DirectAwardReason.SPECIALIST_OFFER: "Only this setting offers what is needed",
        DirectAwardReason.CONTINUITY: "Continuity for the learner",
        DirectAwardReason.S38_REQUEST: "The family's request under section 38",
        DirectAwardReason.TRIBUNAL_ORDER: "An order of the SEND Tribunal",
        DirectAwardReason.EMERGENCY: "An emergency",
    }
)


@dataclass(frozen=True)
class Particulars:
    """What stands behind the choice of a route; nothing where the route asks nothing.

    `reason_code`, `reasons` and `evidence`, a link into the council's own records, are of a direct award (R5);
    `rule_reference` is that of the council's contract procedure rules, `supplier` and `supplier_number` (URN or UKPRN)
    name who is not on the framework (R7). `is_protected` tells that the learner has an EHC plan or is looked after, and
    `override_reason` why provision that is not registered is asked all the same (R40). `short_reason` is why providers
    get less time than usual (R15).
    """

    reason_code: DirectAwardReason | None = None
    reasons: str = ""
    evidence: str = ""
    rule_reference: str = ""
    supplier: str = ""
    supplier_number: str = ""
    is_protected: bool = False
    override_reason: str = ""
    short_reason: str = ""

    @property
    def supplier_words(self) -> str:
        """The supplier with its number, as the record names it."""
        return f"{self.supplier} ({self.supplier_number})" if self.supplier_number else self.supplier

    def plain(self) -> dict[str, Any]:
        """Return the particulars as plain values, in the form in which they are kept and hashed."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> Self:
        """Return what `plain` gave; nothing kept is nothing said."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in (kept or {}).items() if name in known}
        code = values.get("reason_code")
        return cls(**{**values, "reason_code": DirectAwardReason(code) if code else None})
