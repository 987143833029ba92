from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Regime(StrEnum):
    """The procurement law a framework stands under; a call-off keeps its parent's (C5, R37)."""

    PCR_LIGHT_TOUCH = "pcr_light_touch"
    PCR_DPS = "pcr_dps"
    PA23 = "pa23"


class Status(StrEnum):
    """Where a setting stands on a lot (DOMAIN.md 2)."""

    APPLIED = "applied"
    ADMITTED = "admitted"
    ACTIVE = "active"
    SELF_PAUSED = "self_paused"
    COMPLIANCE_HOLD = "compliance_hold"
    SUSPENDED = "suspended"
    DECOMMISSIONING = "decommissioning"
    EXITED = "exited"


class SettingKind(StrEnum):
    """Kinds of setting (DOMAIN.md 1.2)."""

    NMSS = "nmss"
    INDEPENDENT_SPECIAL = "independent_special"
    INDEPENDENT_OTHER = "independent_other"
    SPECIAL_POST16 = "special_post16"
    FE_COLLEGE = "fe_college"
    ONLINE = "online"
    REGISTERED_AP = "registered_ap"
    INDEPENDENT_LEARNING_PROVIDER = "independent_learning_provider"
    AP_UNREGISTERED = "ap_unregistered"


class Intake(StrEnum):
    """Whom a setting is registered to take, by gender."""

    MIXED = "mixed"
    BOYS = "boys"
    GIRLS = "girls"


class DocumentKind(StrEnum):
    """Evidence that is held of a provider or of a setting (DOMAIN.md 2, tender checks)."""

    DFE_REGISTRATION = "dfe_registration"
    OFSTED_REGISTRATION = "ofsted_registration"
    INSURANCE = "insurance"
    STATEMENT_OF_PURPOSE = "statement_of_purpose"
    CHILDRENS_HOME_REGISTRATION = "childrens_home_registration"
    LATEST_JUDGEMENT = "latest_judgement"
    PARENTS_AND_LEARNERS = "parents_and_learners"
    SERVICES_AND_COSTS = "services_and_costs"
    POLICIES = "policies"
    FINANCIAL_CHECK = "financial_check"


DOCUMENT_WORDS: Mapping[DocumentKind, str] = {
    DocumentKind.DFE_REGISTRATION: "Department for Education registration",
    DocumentKind.OFSTED_REGISTRATION: "Ofsted registration certificate",
    DocumentKind.INSURANCE: "insurance certificate",
    DocumentKind.STATEMENT_OF_PURPOSE: "Statement of Purpose",
    DocumentKind.CHILDRENS_HOME_REGISTRATION: "children's home registration",
    DocumentKind.LATEST_JUDGEMENT: "latest inspection judgement",
    DocumentKind.PARENTS_AND_LEARNERS: "account of how parents and learners are heard",
    DocumentKind.SERVICES_AND_COSTS: "services and costs",
    DocumentKind.POLICIES: "policies and procedures",
    DocumentKind.FINANCIAL_CHECK: "financial check",
}

STATUS_WORDS: Mapping[Status, str] = {
    Status.APPLIED: "has applied and is not admitted yet",
    Status.ADMITTED: "is admitted and not active yet",
    Status.ACTIVE: "is active",
    Status.SELF_PAUSED: "has paused new referrals itself",
    Status.COMPLIANCE_HOLD: "is on hold because a document lapsed",
    Status.SUSPENDED: "is suspended",
    Status.DECOMMISSIONING: "is being decommissioned",
    Status.EXITED: "has left the lot",
}


@dataclass(frozen=True)
class NewSetting:
    """A setting to be registered; ages are whole years, both ends included."""

    name: str
    provider_id: str
    urn: str | None
    kind: SettingKind
    age_from: int
    age_to: int
    intake: Intake
    district: str
    referral_contact_id: str


@dataclass(frozen=True)
class NewLot:
    """A lot to be opened; an active setting must hold `required_documents`, in date.

    It begins with its framework where `since` is left out, and takes every kind of setting where `kinds` is.
    `replaces` is the number of an earlier lot whose place it takes.
    """

    number: int
    name: str
    required_documents: tuple[DocumentKind, ...]
    kinds: tuple[SettingKind, ...] = tuple(SettingKind)
    since: date | None = None
    until: date | None = None
    replaces: int | None = None


@dataclass(frozen=True)
class FrameworkCard:
    """A framework. `lead_id` is the lead authority; `terms` holds its own values for settings ([own] rules).

    `contract` is the reference of its contract, `ocid` and `notices` those of its procurement; a placement must be
    approved by `approval_panel` where there is one. `edition` grows with each change.
    """

    id: str
    name: str
    regime: Regime
    lead_id: str
    starts_on: date
    ends_on: date
    terms: Mapping[str, int]
    contract: str | None
    ocid: str | None
    notices: tuple[str, ...]
    approval_panel: str | None
    edition: int


@dataclass(frozen=True)
class LotCard:
    """A lot of a framework, from its first day `since` to its last, `until`.

    `kinds` of settings are taken, and `required_documents` must be held, on the day for which the lot was asked for.
    """

    id: str
    framework_id: str
    number: int
    name: str
    required_documents: tuple[DocumentKind, ...]
    since: date
    until: date | None
    kinds: tuple[SettingKind, ...]
    replaces_id: str | None = None
    price_band: str | None = None

    def is_live(self, on: date) -> bool:
        """Tell whether the lot is open on that day."""
        return self.since <= on and (self.until is None or on <= self.until)

    @property
    def title(self) -> str:
        """The lot as pages and messages name it."""
        return f"Lot {self.number}: {self.name}"


@dataclass(frozen=True, slots=True)
class SettingCard:
    """A school or site of a provider; ages are whole years, both ends included."""

    id: str
    name: str
    provider_id: str
    urn: str | None
    kind: SettingKind
    age_from: int
    age_to: int
    intake: Intake
    district: str
    referral_contact_id: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """All that eligibility for one lot on one day needs to know of a setting of the framework (R3).

    `status` is None where the setting is not on the lot. `documents` gives for each kind held the day to which it
    is valid, None standing for no end. `paused_by_council` tells whether the council that asks has paused new
    placements there itself (L4).
    """

    setting: SettingCard
    status: Status | None
    documents: Mapping[DocumentKind, date | None]
    paused_by_council: bool = False


@dataclass(frozen=True)
class StatusChange:
    """One step of a setting on a lot: who took it, when, why, on what evidence, and from which day it counts.

    `document_id` names the document of the register that is the evidence. `until` is the day from which the next
    step counts, None for the last one.
    """

    from_status: Status | None
    to_status: Status
    effective_on: date
    recorded_at: datetime
    actor_id: str
    reason: str
    until: date | None = None
    document_id: str | None = None
