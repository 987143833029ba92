"""What the API answers, as it stands in its document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from fps.model import DocumentKind, Intake, Regime, SettingKind, Status
from fps.model.fees import FeeKind, Unit
from fps.model.open_data import JudgementKind, Source
from fps.model.rounds import RoundState

ID = "^[0-9a-hjkmnp-tv-z]{26}$"
Id = Annotated[str, Field(pattern=ID, description="An id of the hub: 26 small letters and digits")]


class Answer(BaseModel):
    """What the API answers: exactly these fields."""

    model_config = ConfigDict(extra="forbid")


class Framework(Answer):
    """A framework through which councils buy; its first and last day are included."""

    id: Id
    name: str
    regime: Regime
    lead_id: Id = Field(description="The lead authority: a council")
    starts_on: date
    ends_on: date
    contract: str | None
    ocid: str | None = Field(description="Its id in the Open Contracting Data Standard")


class Lot(Answer):
    """A lot of a framework on the day asked for."""

    id: Id
    framework_id: Id
    number: int
    name: str
    since: date
    until: date | None
    kinds: list[SettingKind] = Field(description="The kinds of setting that it takes")
    required_documents: list[DocumentKind] = Field(description="What an active setting must hold, in date")


class Standing(Answer):
    """Where a setting stands on a lot on the day asked for."""

    lot_id: Id
    status: Status
    since: date


class Setting(Answer):
    """A school or site of a provider; ages are whole years, both included."""

    id: Id
    name: str
    provider_id: Id
    urn: str | None = Field(description="Its unique reference number in Get Information about Schools")
    kind: SettingKind
    age_from: int
    age_to: int
    intake: Intake
    district: str
    standing: list[Standing]


class Step(Answer):
    """One step of a setting on a lot. Who took it and why is for people to read, on the pages of the hub."""

    lot_id: Id
    number: int
    from_status: Status | None
    to_status: Status
    effective_on: date = Field(description="The day from which it counts")
    recorded_at: datetime


class School(Answer):
    """What Get Information about Schools says of a setting."""

    name: str
    status: str
    type: str
    local_authority: str
    phase: str
    capacity: int | None
    pupils: int | None
    section41: str
    sen: str = Field(description="Special educational needs by their short names")
    opened_on: date | None
    closed_on: date | None


class Judgement(Answer):
    """What one of Ofsted's files says of one inspection, in its own words. None is worked out from another."""

    kind: JudgementKind
    source: Source
    inspection: str
    inspected_on: date | None
    published_on: date | None
    grades: dict[str, str]
    as_at: date | None


class SettingRecord(Setting):
    """A setting with its whole history, and what public registers say of it."""

    history: list[Step]
    school: School | None
    judgements: list[Judgement]


class Provider(Answer):
    """The legal entity that runs settings."""

    id: Id
    name: str


class Council(Answer):
    """A council; `gss` is its code in the register of geography codes."""

    id: Id
    name: str
    gss: str | None


class Member(Answer):
    """The days on which a council may buy through a framework, both included."""

    council_id: Id
    name: str
    gss: str | None
    since: date
    until: date | None


class Round(Answer):
    """A joining round of a framework, published."""

    id: Id
    framework_id: Id
    number: int
    title: str
    state: RoundState
    lot_ids: list[Id]
    opens_at: datetime
    questions_close_at: datetime
    closes_at: datetime
    decide_by: date


NEXT = Field(description="The address of the next page; null on the last one")


class FrameworkList(Answer):
    """Frameworks, by id."""

    items: list[Framework]
    next: str | None = NEXT


class LotList(Answer):
    """Lots, by id."""

    items: list[Lot]
    next: str | None = NEXT


class SettingList(Answer):
    """Settings, by id."""

    items: list[Setting]
    next: str | None = NEXT


class ProviderList(Answer):
    """Providers, by id."""

    items: list[Provider]
    next: str | None = NEXT


class CouncilList(Answer):
    """Every council, by id."""

    items: list[Council]


class MemberList(Answer):
    """Every member of a framework, by its first day."""

    items: list[Member]


class RoundList(Answer):
    """Published joining rounds, by id."""

    items: list[Round]
    next: str | None = NEXT


class Fee(Answer):
    """What a setting charges on a lot for one thing in a band, on its days, both included."""

    id: Id
    setting_id: Id
    lot_id: Id
    kind: FeeKind
    band: str
    unit: Unit
    pence: int = Field(description="The amount in pence for one unit")
    valid_from: date
    valid_until: date | None
    recorded_at: datetime


class FeeList(Answer):
    """Fees, by id."""

    items: list[Fee]
    next: str | None = NEXT


class ParameterError(Answer):
    """What is wrong with one parameter."""

    parameter: str
    detail: str


class ApiProblem(Answer):
    """An error, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str = Field(description="What happened and what to do, in plain words")
    instance: str = Field(description="The number of the request, as the hub's log has it")
    errors: list[ParameterError] = Field(default=[], description="Which parameters cannot be used, and why")
