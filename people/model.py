from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Role(StrEnum):
    """What a person does here (DOMAIN.md 1.3); always within an organisation."""

    FAMILY = "family"
    YOUNG_PERSON = "young_person"
    PROVIDER_USER = "provider_user"
    QA_OFFICER = "qa_officer"
    COMMISSIONER = "commissioner"
    LEAD_AUTHORITY = "lead_authority"
    FORUM_COORDINATOR = "forum_coordinator"
    SAFEGUARDING_DUTY = "safeguarding_duty"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class OrganisationKind(StrEnum):
    """A council buys and answers for places, a forum speaks for parents and carers, a provider runs settings."""

    COUNCIL = "council"
    FORUM = "forum"
    PROVIDER = "provider"


@dataclass(frozen=True)
class RoleIn:
    """A role in one organisation; `on_behalf_of` is the absent colleague whose role it is, if it is not one's own."""

    role: Role
    organisation_id: str
    on_behalf_of: str | None = None


@dataclass(frozen=True)
class PersonCard:
    """A person as other packages know them; `language` is a locale code."""

    id: str
    name: str
    language: str
    roles: tuple[RoleIn, ...] = ()

    def has(self, role: Role, organisation_id: str | None = None) -> bool:
        """Tell whether the person has the role, in that organisation or in any."""
        return any(held.role == role and organisation_id in (None, held.organisation_id) for held in self.roles)

    def stands_for(self, person_id: str, organisation_id: str) -> bool:
        """Tell whether this is the person, or acts for them in that organisation while they are away."""
        acts = any((held.on_behalf_of, held.organisation_id) == (person_id, organisation_id) for held in self.roles)
        return self.id == person_id or acts

    def organisations_as(self, *roles: Role) -> tuple[str, ...]:
        """Return the ids of the organisations in which the person has one of the roles."""
        return tuple(dict.fromkeys(held.organisation_id for held in self.roles if held.role in roles))


Actor = PersonCard
"""Whoever acts: the person signed in."""


@dataclass(frozen=True)
class OrganisationCard:
    """An organisation as other packages know it; `code` is a council's GSS code."""

    id: str
    kind: OrganisationKind
    name: str
    code: str | None


@dataclass(frozen=True)
class ContactPoint:
    """An address at which a person, or an organisation (a Slack channel, say), can be reached.

    `rank` orders them, the preferred one first; `opted_out_at` is when its owner said STOP there.
    """

    id: str
    person_id: str | None
    organisation_id: str | None
    channel: str
    address: str
    rank: int
    verified_at: datetime | None
    opted_out_at: datetime | None
    failed_at: datetime | None


@dataclass(frozen=True)
class Grant:
    """What a link allows: one purpose, one target, one person, until it expires or is spent."""

    id: str
    purpose: str
    target: str
    person_id: str | None
    expires_at: datetime
    spent_at: datetime | None


@dataclass(frozen=True)
class SessionLimits:
    """How long a session lasts: `idle` without use, `longest` in all."""

    idle: timedelta = timedelta(minutes=60)
    longest: timedelta = timedelta(hours=12)


@dataclass(frozen=True)
class SessionCard:
    """One browser in which a person is signed in; `browser` is in words, `means` is how they signed in."""

    id: str
    person_id: str
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    means: str
    strong_at: datetime | None
    browser: str

    @property
    def is_strong(self) -> bool:
        """Tell whether a second factor was proved in it."""
        return self.strong_at is not None


@dataclass(frozen=True)
class OwnLook:
    """A council's own look: the hub's name there, the colour behind white text (#0b5a55), and whose it is."""

    name: str
    colour: str
    council: str
