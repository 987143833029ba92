"""An invented corner of the register for tests: a lead authority, a council, providers with their users."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fps import northwest
from fps.actions.evidence.record_document import RecordDocument, record_document
from fps.actions.frameworks.open_framework import OpenFramework, open_framework
from fps.actions.standing.change_status import ChangeStatus, change_status
from fps.actions.standing.register_setting import register_setting
from fps.model import Intake, LotCard, NewSetting, Regime, SettingKind, Status
from fps.queries import lots
from kernel.work import Ground, Work
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.model import Actor, OrganisationKind, Role
from people.queries import person

SINCE = date(2026, 1, 5)
LAPSES = date(2027, 3, 31)


@dataclass(frozen=True)
class World:
    """Who is who. `providers` are (organisation id, its user)."""

    lead: Actor
    council_id: str
    other_council_id: str
    framework_id: str
    lots: tuple[LotCard, ...]
    providers: tuple[tuple[str, Actor], ...]

    def new_setting(self, number: int = 0) -> NewSetting:
        """Return a setting of the provider of that number that takes ages 5 to 16."""
        organisation_id, user = self.providers[number % len(self.providers)]
        return NewSetting(
            name=f"School {number}",
            provider_id=organisation_id,
            urn=f"{999000 + number}",
            kind=SettingKind.INDEPENDENT_SPECIAL,
            age_from=5,
            age_to=16,
            intake=Intake.MIXED,
            district="Sefton",
            referral_contact_id=user.id,
        )

    def step(self, work: Work, setting_id: str, *steps: Status, lot: int = 0, effective_on: date = SINCE) -> None:
        """Take a setting along steps on a lot, by the lead authority."""
        for status in steps:
            change_status(
                work, self.lead, ChangeStatus(setting_id, self.lots[lot].id, status, "For a test.", effective_on)
            )

    def activate(self, work: Work, setting_id: str, lot: int = 0) -> None:
        """Give a setting every document of the lot and take it to active."""
        for kind in self.lots[lot].required_documents:
            record_document(work, self.lead, RecordDocument(setting_id, kind, LAPSES))
        self.step(work, setting_id, Status.APPLIED, Status.ADMITTED, Status.ACTIVE, lot=lot)

    def active_setting(self, work: Work, number: int, lot: int = 0, new: NewSetting | None = None) -> str:
        """Register a setting and take it to active; return its id."""
        setting_id = register_setting(work, self.lead, new or self.new_setting(number))
        self.activate(work, setting_id, lot)
        return setting_id


def organisation(work: Work, kind: OrganisationKind, name: str, code: str | None = None) -> str:
    """Register an organisation."""
    return register_organisation(work, NewOrganisation(kind, name, code))


def member(work: Work, name: str, role: Role, organisation_id: str, *contact_points: tuple[str, str]) -> Actor:
    """Register a person with one role."""
    return person(
        work.session,
        register_person(work, NewPerson(name, roles=((role, organisation_id),), contact_points=contact_points)),
    )


def build_world(ground: Ground, regime: Regime = northwest.REGIME, providers: int = 3) -> World:
    """Open the North West framework with two member councils and a few providers."""
    with ground.work() as work:
        lead_id = organisation(work, OrganisationKind.COUNCIL, "Leadshire", "E06000901")
        council_id = organisation(work, OrganisationKind.COUNCIL, "Placeborough", "E08000902")
        other_id = organisation(work, OrganisationKind.COUNCIL, "Otherton", "E08000903")
        lead = member(work, "Lee Lead", Role.LEAD_AUTHORITY, lead_id, ("email", "lead@example.org"))
        framework_id = open_framework(
            work,
            lead,
            OpenFramework(
                northwest.NAME,
                regime,
                lead_id,
                northwest.STARTS_ON,
                northwest.ENDS_ON,
                northwest.LOTS,
                ((council_id, northwest.STARTS_ON, None), (other_id, northwest.STARTS_ON, None)),
            ),
        )
        asked = []
        for number in range(providers):
            provider_id = organisation(work, OrganisationKind.PROVIDER, f"Provider {number}")
            address = ("sms", f"+4477009{number:05d}") if number % 2 else ("email", f"user{number}@example.org")
            asked.append((provider_id, member(work, f"User {number}", Role.PROVIDER_USER, provider_id, address)))
        found = tuple(lots(work.session, [framework_id]))
        return World(lead, council_id, other_id, framework_id, found, tuple(asked))
