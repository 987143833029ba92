"""What programs of councils send and read about referrals, as it stands in the API's document."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from hub.web.api.bodies import SentBody
from hub.web.api.models import ID, NEXT, Answer, Id
from hub.web.api.parameters import Day
from referrals.model import YEAR_GROUPS, AgeBand, Gender, NeedArea, Phase
from referrals.model.awards import NextStep, Outcome
from referrals.model.routes import Route
from referrals.model.webhooks import EventType
from referrals.rules.drafting import LONGEST_TEXT, MOST_HOURS

_TEXT = r"^[^\u0000-\u0008]*$"
Words = Annotated[str, Field(max_length=LONGEST_TEXT, pattern=_TEXT)]
_NOTHING_IDENTIFYING = "Nothing in it may tell who the learner is; people check that before it goes out"


class NewDraft(SentBody):
    """A draft of a referral. It names no learner: keep the id that you get with the learner's record in your system."""

    lot_id: Annotated[str, Field(pattern=ID)] = Field(description="The lot through which the place is bought")
    age_band: AgeBand
    year_group: str = Field(
        description="In the school year of the earliest start", json_schema_extra={"enum": list(YEAR_GROUPS)}
    )
    gender: Gender | None = Field(None, description="Shown only where a registration on the lot is for one gender")
    need_area: NeedArea
    outcomes: Words = Field(min_length=1, description=f"What the learner should achieve. {_NOTHING_IDENTIFYING}")
    risk_wording: Words = Field("", description=f"Risks that a setting must know of. {_NOTHING_IDENTIFYING}")
    travel_zone: Words = Field(
        min_length=1, description=f"How far or where the learner can travel. {_NOTHING_IDENTIFYING}"
    )
    starts_from: Day
    starts_until: Day
    weekly_hours: Annotated[int, Field(ge=1, le=MOST_HOURS)] | None = Field(
        description="The hours a week; null where nobody knows them yet, and they count as full-time"
    )
    is_protected: bool = Field(
        description="Whether the learner has an EHC plan or is looked after. No provider reads it: the law wants some "
        "places to register as a school for such a learner, and the hub stops a referral to them until a person decides"
    )


class Referral(Answer):
    """How a referral stands. Of what providers answer it says how many have, before and after the deadline."""

    id: Id
    reference: str = Field(description="Its reference, as messages and pages name it")
    lot_id: Id
    route: Route
    status: Phase
    created_at: datetime
    version: int | None = Field(description="The latest version that went out; null while it is a draft")
    release_at: datetime | None
    deadline_at: datetime | None
    asked: int = Field(description="How many settings were asked")
    answered: int = Field(description="How many of them have answered in time")
    is_decided: bool = Field(description="Whether a place was awarded, or it was decided to award none")
    closed_at: datetime | None


class ReferralList(Answer):
    """A page of referrals."""

    items: list[Referral]
    next: str | None = NEXT


class Award(Answer):
    """What was decided on a referral. Reasons, scores and prices are for people to read, on the pages of the hub."""

    id: Id
    referral_id: Id
    route: Route
    outcome: Outcome
    setting_id: Id | None = Field(description="Who won, where it is a setting of the register")
    supplier: str = Field(description="The name of who won; empty where nobody did")
    next_step: NextStep | None = Field(description="What follows where nobody won")
    decided_at: datetime
    told_at: datetime | None = Field(description="When all who were asked were told of it")
    standstill_until: datetime | None
    confirmed_at: datetime | None = Field(description="When the placement was called off")
    placement_id: Id | None


class Event(Answer):
    """A fact, as a webhook tells it: ids, times and status words, and no word that somebody wrote."""

    id: Id = Field(description="The same in every attempt to deliver it, and after a replay")
    type: EventType
    created_at: datetime
    council_id: Id
    data: dict[str, Any]


class EventList(Answer):
    """A page of facts."""

    items: list[Event]
    next: str | None = NEXT
