"""Two invented councils with forums and families, the lead authority and two providers: who may see whom of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from channels import messages as channel_messages
from channels.wording import Registry
from hub.messages import MESSAGES
from hub.personal_data import PERSON_DATA
from hub.reactions import REACTIONS
from kernel.events import deliver_events
from kernel.work import Ground, Work
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.councils import LEAD_AUTHORITY
from people.model import Actor, OrganisationKind, Role
from people.queries import person
from tests.hub.web.village import Post, pass_on

MUM_PHONE = "+447700900111"
FAR_MUM_PHONE = "+447700900222"


@dataclass(frozen=True)
class Town:
    """The ids of everybody in it; what is far belongs to the other council."""

    council: str
    forum: str
    far_council: str
    far_forum: str
    lead_council: str
    alder: str
    beacon: str
    admin: str
    second_admin: str
    commissioner: str
    officer: str
    duty: str
    auditor: str
    coordinator: str
    mum: str
    far_admin: str
    far_mum: str
    lead: str
    priya: str
    pavel: str
    owen: str


def settle_town(work: Work) -> Town:
    """Register everybody."""
    kind = OrganisationKind
    council = _place(work, kind.COUNCIL, "Seaborough", code="E99000001")
    far = _place(work, kind.COUNCIL, "Hillborough", code="E99000002")
    lead = _place(work, kind.COUNCIL, "Cheshire East", code=LEAD_AUTHORITY)
    forum = _place(work, kind.FORUM, "Seaborough Parent Carer Forum", council_id=council)
    far_forum = _place(work, kind.FORUM, "Hillborough Parent Carer Forum", council_id=far)
    alder, beacon = _place(work, kind.PROVIDER, "Alder Grove Schools"), _place(work, kind.PROVIDER, "Beacon Lane Trust")
    return Town(
        council=council,
        forum=forum,
        far_council=far,
        far_forum=far_forum,
        lead_council=lead,
        alder=alder,
        beacon=beacon,
        admin=_person(work, "Ada Millward", Role.ADMINISTRATOR, council),
        second_admin=_person(work, "Alan Peel", Role.ADMINISTRATOR, council),
        commissioner=_person(work, "Colin Baker", Role.COMMISSIONER, council),
        officer=_person(work, "Quentin Abbott", Role.QA_OFFICER, council),
        duty=_person(work, "Maureen Tatlock", Role.SAFEGUARDING_DUTY, council),
        auditor=_person(work, "Audrey Lunt", Role.AUDITOR, council),
        coordinator=_person(work, "Nadia Forster", Role.FORUM_COORDINATOR, forum),
        mum=_person(work, "Amelia Hart", Role.FAMILY, forum, ("sms", MUM_PHONE)),
        far_admin=_person(work, "Fergus Dunn", Role.ADMINISTRATOR, far),
        far_mum=_person(work, "Freya Lowe", Role.FAMILY, far_forum, ("sms", FAR_MUM_PHONE)),
        lead=_person(work, "Farah Iqbal", Role.LEAD_AUTHORITY, lead),
        priya=_person(work, "Priya Desai", Role.PROVIDER_USER, alder),
        pavel=_person(work, "Pavel Horak", Role.PROVIDER_USER, alder),
        owen=_person(work, "Owen Hughes", Role.PROVIDER_USER, beacon),
    )


def _place(
    work: Work, kind: OrganisationKind, name: str, *, code: str | None = None, council_id: str | None = None
) -> str:
    return register_organisation(work, NewOrganisation(kind, name, code=code, council_id=council_id))


def email_of(name: str) -> str:
    """Return the address that everybody in the town has by their name."""
    return f"{name.lower().replace(' ', '.')}@example.org"


def _person(work: Work, name: str, role: Role, organisation: str, *points: tuple[str, str]) -> str:
    reached = points or (("email", email_of(name)),)
    return register_person(work, NewPerson(name, "en", ((role, organisation),), reached))


def actor_of(ground: Ground, person_id: str) -> Actor:
    """Return a person as the one who acts."""
    with ground.read() as session:
        return person(session, person_id)


def post_of(ground: Ground) -> Post:
    """Return what carries messages in the tests."""
    return Post(ground, Registry((*channel_messages.MESSAGES, *MESSAGES)), (pass_on,))


def settle_events(ground: Ground) -> None:
    """Let everything that was announced have its effect."""
    deliver_events(ground, REACTIONS)


def code_in(text: str) -> str:
    """Return the 6 digits in a text."""
    found = re.search(r"(?<!\d)\d{6}(?!\d)", text)
    assert found is not None, text
    return found[0]


PARTS = PERSON_DATA
