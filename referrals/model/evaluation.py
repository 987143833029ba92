"""Who scores offers, what they gave, what the family says, and what law puts first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from referrals.model.answers import Response, ResponseKind
from referrals.model.criteria import Criterion

OFFERS = frozenset({ResponseKind.OFFER, ResponseKind.OFFER_WITH_CONDITIONS})


@dataclass(frozen=True)
class Offer:
    """A place that was offered and is to be scored, after the unsealing; `checksum` is that of the sealed answer."""

    recipient_id: str
    setting_name: str
    response: Response
    checksum: str


@dataclass(frozen=True)
class Score:
    """A score of an offer for a criterion, from 0 to 5, with its reason (R25)."""

    recipient_id: str
    criterion: Criterion
    score: int
    reason: str


@dataclass(frozen=True)
class Evaluator:
    """Somebody named to score. `has_conflict` is None until they have declared; who was released scores no more."""

    person_id: str
    name: str
    has_conflict: bool | None
    finished_at: datetime | None
    released_at: datetime | None

    @property
    def counts(self) -> bool:
        """Whether their scores count, or will."""
        return not self.has_conflict and self.released_at is None

    @property
    def words(self) -> str:
        """How far they are, as pages say it."""
        if self.released_at is not None:
            return "Released"
        if self.has_conflict:
            return "Conflict of interest"
        if self.has_conflict is None:
            return "Not declared yet"
        return "Handed in" if self.finished_at else "Scoring"


class ViewWay(StrEnum):
    """How the family and the learner gave their view."""

    MEETING = "meeting"
    PHONE = "phone"
    WRITING = "writing"
    NOT_GIVEN = "not_given"

    @property
    def words(self) -> str:
        """The way as pages name it."""
        return _WAY_WORDS[self]


_WAY_WORDS: Mapping[ViewWay, str] = MappingProxyType(
    {
        ViewWay.MEETING: "In a meeting or on a visit",
        ViewWay.PHONE: "By phone or video call",
        ViewWay.WRITING: "In writing",
        ViewWay.NOT_GIVEN: "They were asked and gave no view",
    }
)


@dataclass(frozen=True)
class FamilyView:
    """What the family and the learner say of the offers; `preferred_id` is the recipient they would choose."""

    way: ViewWay
    heard_on: date | None
    words: str
    preferred_id: str | None
    recorded_by: str
    recorded_at: datetime


class PreferenceKind(StrEnum):
    """What puts a setting first whatever the weights say (R26)."""

    NAMING_DUTY = "naming_duty"
    TRIBUNAL_ORDER = "tribunal_order"

    @property
    def words(self) -> str:
        """The duty as pages name it."""
        if self is PreferenceKind.NAMING_DUTY:
            return "The council must name the setting that the family asked for (section 38)"
        return "The SEND Tribunal has ordered a setting"


@dataclass(frozen=True)
class Preference:
    """A setting that law puts first; `recipient_id` is None where it was not asked in this referral."""

    id: str
    kind: PreferenceKind
    recipient_id: str | None
    school: str
    words: str
    recorded_by: str
    recorded_at: datetime
