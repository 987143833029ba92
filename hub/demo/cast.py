from __future__ import annotations

from dataclasses import dataclass

from kernel.work import Work
from people.actions.register_councils import register_councils
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.councils import LEAD_AUTHORITY
from people.model import OrganisationKind, Role

_COUNCIL = "E08000014"

_PARENTS = (
    ("Amelia Hart", "en"),
    ("Ben Ashworth", "en"),
    ("Chloe Rimmer", "en"),
    ("Daniel Molyneux", "en"),
    ("Ewa Nowak", "pl"),
    ("Filip Zielinski", "pl"),
    ("Grazyna Wojcik", "pl"),
    ("Hina Malik", "ur"),
    ("Imran Qureshi", "ur"),
    ("Javeria Siddiqui", "ur"),
    ("Katie Dugdale", "en"),
    ("Liam Formby", "en"),
    ("Megan Seddon", "en"),
    ("Nathan Crosby", "en"),
)
_PROVIDERS = (
    ("Alder Grove Schools", "Priya Desai", "email"),
    ("Beacon Lane Trust", "Owen Hughes", "sms"),
    ("Coppice Learning", "Rosa Martin", "slack"),
    ("Dove Meadow Education", "Sean Kirby", "email"),
    ("Estuary House Group", "Tanya Cole", "sms"),
    ("Fell View College", "Umar Shah", "email"),
)


@dataclass(frozen=True)
class Cast:
    """Everybody in the demo; all invented, with Ofcom's drama numbers and example.org addresses."""

    council_id: str
    lead_council_id: str
    forum_id: str
    parents: tuple[str, ...]
    coordinator_id: str
    commissioner_id: str
    second_commissioner_id: str
    lead_authority_id: str
    qa_officer_id: str
    duty_officer_id: str
    auditor_id: str
    administrator_id: str
    providers: tuple[tuple[str, str], ...]
    """(provider organisation, its user) pairs."""


def seed_cast(work: Work) -> Cast:
    """Register everybody in the demo."""
    councils = register_councils(work)
    council, lead = councils[_COUNCIL], councils[LEAD_AUTHORITY]
    forum = register_organisation(
        work, NewOrganisation(OrganisationKind.FORUM, "Sefton Shore Parent Carer Forum", council_id=council)
    )
    return Cast(
        council_id=council,
        lead_council_id=lead,
        forum_id=forum,
        parents=tuple(
            _person(work, name, Role.FAMILY, forum, language, (("sms", f"+44770090{index:04d}"),))
            for index, (name, language) in enumerate(_PARENTS, start=101)
        ),
        coordinator_id=_staff(work, "Nadia Forster", Role.FORUM_COORDINATOR, forum, "U0NADIA001"),
        commissioner_id=_staff(work, "Colin Baker", Role.COMMISSIONER, council),
        second_commissioner_id=_staff(work, "Denise Platt", Role.COMMISSIONER, council),
        lead_authority_id=_staff(work, "Farah Iqbal", Role.LEAD_AUTHORITY, lead),
        qa_officer_id=_staff(work, "Quentin Abbott", Role.QA_OFFICER, council, "U0QUENTIN1"),
        duty_officer_id=_duty_officer(work, council),
        auditor_id=_staff(work, "Gwen Ormerod", Role.AUDITOR, council),
        administrator_id=_staff(work, "Ada Millward", Role.ADMINISTRATOR, lead),
        providers=tuple(_provider(work, index, *provider) for index, provider in enumerate(_PROVIDERS, start=301)),
    )


def _person(
    work: Work, name: str, role: Role, organisation: str, language: str, points: tuple[tuple[str, str], ...]
) -> str:
    return register_person(work, NewPerson(name, language, ((role, organisation),), points))


def _email(name: str) -> tuple[str, str]:
    return ("email", f"{name.lower().replace(' ', '.')}@example.org")


def _staff(work: Work, name: str, role: Role, organisation: str, slack: str | None = None) -> str:
    points = ((("slack", slack),) if slack else ()) + (_email(name),)
    return _person(work, name, role, organisation, "en", points)


def _duty_officer(work: Work, council: str) -> str:
    name = "Maureen Tatlock"
    points = (("sms", "+447700900201"), _email(name))
    return _person(work, name, Role.SAFEGUARDING_DUTY, council, "en", points)


def _provider(work: Work, index: int, organisation: str, user: str, preferred: str) -> tuple[str, str]:
    provider = register_organisation(work, NewOrganisation(OrganisationKind.PROVIDER, organisation))
    ways = {"sms": ("sms", f"+44770090{index:04d}"), "slack": ("slack", f"U0PROV{index}"), "email": _email(user)}
    points = (ways.pop(preferred), *([ways["email"]] if preferred != "email" else [ways["sms"]]))
    return provider, _person(work, user, Role.PROVIDER_USER, provider, "en", points)
