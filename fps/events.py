from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True)
class SettingRegistered(Event):
    """A provider's setting has been put on the register."""

    name: ClassVar[str] = "fps.setting_registered"
    setting_id: str
    provider_id: str


@dataclass(frozen=True)
class SettingStatusChanged(Event):
    """A setting has taken a step on a lot. `effective_on` is an ISO date; `from_status` is None for the first."""

    name: ClassVar[str] = "fps.setting_status_changed"
    setting_id: str
    lot_id: str
    from_status: str | None
    to_status: str
    effective_on: str


@dataclass(frozen=True)
class RoundPublished(Event):
    """A joining round has been published."""

    name: ClassVar[str] = "fps.round_published"
    round_id: str
    framework_id: str


@dataclass(frozen=True)
class RoundChanged(Event):
    """A published joining round has a new version."""

    name: ClassVar[str] = "fps.round_changed"
    round_id: str
    version: int


@dataclass(frozen=True)
class RoundCancelled(Event):
    """A joining round will not be."""

    name: ClassVar[str] = "fps.round_cancelled"
    round_id: str
    framework_id: str


@dataclass(frozen=True)
class RoundMoved(Event):
    """A joining round has gone on after its closing: `state` is evaluating, decided or listed."""

    name: ClassVar[str] = "fps.round_moved"
    round_id: str
    state: str


@dataclass(frozen=True)
class ProfilePublished(Event):
    """A provider has published what it says of a setting in the directory."""

    name: ClassVar[str] = "fps.profile_published"
    setting_id: str


@dataclass(frozen=True)
class ApplicationStarted(Event):
    """Somebody has started their provider's application to a joining round."""

    name: ClassVar[str] = "fps.application_started"
    application_id: str
    round_id: str
    provider_id: str
    person_id: str


@dataclass(frozen=True)
class ApplicationSubmitted(Event):
    """A provider has sent its application, or sent it again; `number` counts."""

    name: ClassVar[str] = "fps.application_submitted"
    application_id: str
    round_id: str
    provider_id: str
    person_id: str
    number: int


@dataclass(frozen=True)
class ApplicationWithdrawn(Event):
    """A provider has withdrawn its application."""

    name: ClassVar[str] = "fps.application_withdrawn"
    application_id: str
    round_id: str
    provider_id: str


@dataclass(frozen=True)
class DecisionsIssued(Event):
    """The decision letters of a round are out to every applicant."""

    name: ClassVar[str] = "fps.decisions_issued"
    round_id: str


@dataclass(frozen=True)
class ContractRecorded(Event):
    """The contract with an admitted provider is signed."""

    name: ClassVar[str] = "fps.contract_recorded"
    application_id: str
    provider_id: str


@dataclass(frozen=True)
class ListPublished(Event):
    """The list of a round is out to all member councils; `settings` counts who joined."""

    name: ClassVar[str] = "fps.list_published"
    round_id: str
    framework_id: str
    settings: int


@dataclass(frozen=True)
class SettingEdited(Event):
    """What the register says of a setting has changed."""

    name: ClassVar[str] = "fps.setting_edited"
    setting_id: str


@dataclass(frozen=True)
class CouncilPaused(Event):
    """A council has paused its own new placements at a setting; `lot_id` None is all lots."""

    name: ClassVar[str] = "fps.council_paused"
    pause_id: str
    council_id: str
    setting_id: str
    lot_id: str | None


@dataclass(frozen=True)
class CouncilPauseReviewed(Event):
    """A council has reviewed and kept its own pause; `review_on`, the next review, is an ISO date."""

    name: ClassVar[str] = "fps.council_pause_reviewed"
    pause_id: str
    council_id: str
    setting_id: str
    review_on: str


@dataclass(frozen=True)
class CouncilResumed(Event):
    """A council has ended its own pause."""

    name: ClassVar[str] = "fps.council_resumed"
    pause_id: str
    council_id: str
    setting_id: str
    lot_id: str | None


@dataclass(frozen=True)
class SuspensionNotified(Event):
    """A lead authority has told a provider that it may suspend one of its settings."""

    name: ClassVar[str] = "fps.suspension_notified"
    suspension_id: str
    setting_id: str


@dataclass(frozen=True)
class SettingSuspended(Event):
    """A lead authority has suspended a setting; `effective_on` is an ISO date."""

    name: ClassVar[str] = "fps.setting_suspended"
    suspension_id: str
    setting_id: str
    effective_on: str


@dataclass(frozen=True)
class SuspensionReviewed(Event):
    """A review has kept a suspension; `review_on`, the next one, is an ISO date."""

    name: ClassVar[str] = "fps.suspension_reviewed"
    suspension_id: str
    setting_id: str
    review_on: str


@dataclass(frozen=True)
class SuspensionEnded(Event):
    """A suspension, or the notice of one, has ended; `outcome` is withdrawn, lifted or leaving."""

    name: ClassVar[str] = "fps.suspension_ended"
    suspension_id: str
    setting_id: str
    outcome: str


@dataclass(frozen=True)
class ProviderReplied(Event):
    """A provider has replied to a decision; `kind` is pause, suspension or leaving_plan, `decision_id` its id."""

    name: ClassVar[str] = "fps.provider_replied"
    kind: str
    decision_id: str
    setting_id: str


@dataclass(frozen=True)
class SettingLeaving(Event):
    """A lead authority has decided that a setting leaves the list; `leaves_on` is an ISO date."""

    name: ClassVar[str] = "fps.setting_leaving"
    plan_id: str
    setting_id: str
    leaves_on: str


@dataclass(frozen=True)
class SettingLeft(Event):
    """A setting has left the list: every learner's next step is done."""

    name: ClassVar[str] = "fps.setting_left"
    plan_id: str
    setting_id: str


@dataclass(frozen=True)
class JudgementChanged(Event):
    """Ofsted's newest file says otherwise of a setting on the register, or nothing; `what` is the kind of judgement."""

    name: ClassVar[str] = "fps.judgement_changed"
    setting_id: str
    urn: str
    what: str
