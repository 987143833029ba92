"""What providers answer: an offer with its costs by part, conditions, a coded decline, a wish to know more (R23)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ResponseKind(StrEnum):
    """What a provider can respond (R23)."""

    OFFER = "offer"
    OFFER_WITH_CONDITIONS = "offer_with_conditions"
    DECLINE = "decline"
    NEED_MORE_INFORMATION = "need_more_information"

    @property
    def words(self) -> str:
        """The response as pages name it."""
        return _RESPONSE_WORDS[self]

    @property
    def is_final(self) -> bool:
        """Whether it ends the reminders (R18): all but the wish for more information do."""
        return self is not ResponseKind.NEED_MORE_INFORMATION


_RESPONSE_WORDS = {
    ResponseKind.OFFER: "Offer a place",
    ResponseKind.OFFER_WITH_CONDITIONS: "Offer a place with conditions",
    ResponseKind.DECLINE: "Decline",
    ResponseKind.NEED_MORE_INFORMATION: "Ask for more information",
}


class DeclineCode(StrEnum):
    """Why a provider declines (R23)."""

    NO_PLACE = "no_place"
    PEER_MIX = "peer_mix"
    NEED_NOT_MET = "need_not_met"
    STAFFING = "staffing"
    DISTANCE = "distance"
    OTHER = "other"

    @property
    def words(self) -> str:
        """The reason as pages name it."""
        return _DECLINE_WORDS[self]


_DECLINE_WORDS = {
    DeclineCode.NO_PLACE: "No place is free",
    DeclineCode.PEER_MIX: "The mix of learners would not work",
    DeclineCode.NEED_NOT_MET: "We cannot meet the need",
    DeclineCode.STAFFING: "We do not have the staff",
    DeclineCode.DISTANCE: "It is too far away",
    DeclineCode.OTHER: "Another reason",
}


class CostPart(StrEnum):
    """The parts into which the fee for a place is split, as the placement agreement has them (R28)."""

    EDUCATION = "education"
    CARE = "care"
    THERAPY = "therapy"
    TRANSPORT = "transport"

    @property
    def words(self) -> str:
        """The part as pages name it."""
        return _COST_WORDS[self]


_COST_WORDS = {
    CostPart.EDUCATION: "Education",
    CostPart.CARE: "Care and boarding",
    CostPart.THERAPY: "Therapy",
    CostPart.TRANSPORT: "Transport",
}


@dataclass(frozen=True)
class Costs:
    """What a place costs in a year, in whole pounds, by part.

    `unsplit` is what answers from before the parts gave as one sum.
    """

    education: int = 0
    care: int = 0
    therapy: int = 0
    transport: int = 0
    unsplit: int = 0

    @property
    def total(self) -> int:
        """The whole cost of a year."""
        return self.education + self.care + self.therapy + self.transport + self.unsplit

    def __iter__(self) -> Iterator[tuple[CostPart, int]]:
        """Go through the parts in the order in which pages name them."""
        return ((part, getattr(self, part.value)) for part in CostPart)


@dataclass(frozen=True)
class AnswerFile:
    """A file that came with an answer; its digest stands inside the sealed answer, so the checksum holds it too."""

    id: str
    name: str
    kind: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Response:
    """What a provider responds for one setting; sealed until two people unseal it (R21, R22).

    `words` is what it adds freely: the other reason of a decline, or anything else.
    """

    kind: ResponseKind
    decline_code: DeclineCode | None = None
    words: str = ""
    starts_on: date | None = None
    costs: Costs | None = None
    conditions: str = ""
    information_wanted: str = ""
    files: tuple[AnswerFile, ...] = ()

    @property
    def yearly_cost(self) -> int | None:
        """The whole cost of a year in pounds, None where no place is offered."""
        return self.costs.total if self.costs else None


@dataclass(frozen=True)
class Receipt:
    """Proof of a response: `checksum` is the SHA-256 of the sealed response as the hub keeps it."""

    reference: str
    setting_name: str
    received_at: datetime
    checksum: str
    is_late: bool
