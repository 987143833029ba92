"""A small invented village that signs in, writes and answers: what the tests of the shell's pages stand on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from channels.actions.pass_to_person import pass_to_person
from channels.delivery.pump import Lane
from channels.inbox.hearing import Disposition, Heard, Hearer
from channels.inbox.process import Processor
from channels.model import Channel
from channels.render import Renderer
from channels.sandbox.adapter import SandboxAdapter
from channels.sandbox.queries import conversation
from channels.web.adapter import WebAdapter
from channels.wording import Registry
from hub.reactions import REACTIONS
from kernel.events import deliver_events
from kernel.work import Ground, Work
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.model import OrganisationKind, Role
from tests.signed_in import let_in

PARENT_PHONE = "+447700900101"
COORDINATOR_EMAIL = "nadia@example.org"
COORDINATOR_SLACK = "U0NADIA001"


@dataclass(frozen=True)
class Village:
    """The ids of everybody in it."""

    council: str
    forum: str
    parent: str
    coordinator: str
    duty_officer: str
    administrator: str
    provider_user: str
    other_council: str
    other_administrator: str
    other_coordinator: str
    web_reader: str


def settle(work: Work) -> Village:
    """Register everybody."""
    council = register_organisation(work, NewOrganisation(OrganisationKind.COUNCIL, "Seaborough", code="E99000001"))
    other = register_organisation(work, NewOrganisation(OrganisationKind.COUNCIL, "Hillborough", code="E99000002"))
    forum = register_organisation(
        work, NewOrganisation(OrganisationKind.FORUM, "Seaborough Parent Carer Forum", council_id=council)
    )
    far_forum = register_organisation(
        work, NewOrganisation(OrganisationKind.FORUM, "Hillborough Parent Carer Forum", council_id=other)
    )
    provider = register_organisation(work, NewOrganisation(OrganisationKind.PROVIDER, "Alder Grove Schools"))
    return Village(
        council=council,
        forum=forum,
        parent=_person(work, "Amelia Hart", Role.FAMILY, forum, ("sms", PARENT_PHONE)),
        coordinator=_person(
            work,
            "Nadia Forster",
            Role.FORUM_COORDINATOR,
            forum,
            ("slack", COORDINATOR_SLACK),
            ("email", COORDINATOR_EMAIL),
        ),
        duty_officer=_person(work, "Maureen Tatlock", Role.SAFEGUARDING_DUTY, council, ("email", "duty@example.org")),
        administrator=_person(work, "Ada Millward", Role.ADMINISTRATOR, council, ("email", "ada@example.org")),
        provider_user=_person(work, "Priya Desai", Role.PROVIDER_USER, provider, ("email", "priya@example.org")),
        other_council=other,
        other_administrator=_person(work, "Otto Reid", Role.ADMINISTRATOR, other, ("email", "otto@example.org")),
        other_coordinator=_person(
            work, "Olga Barnes", Role.FORUM_COORDINATOR, far_forum, ("email", "olga@example.org")
        ),
        web_reader=_person(work, "Quentin Abbott", Role.QA_OFFICER, council, ("web", "quentin")),
    )


def _person(work: Work, name: str, role: Role, organisation: str, *points: tuple[str, str]) -> str:
    return register_person(work, NewPerson(name, "en", ((role, organisation),), points))


def token_on(client: FlaskClient, path: str) -> str:
    """Return the form token of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert found is not None, f"{path} has no form"
    return found[1]


@dataclass(frozen=True)
class Post:
    """What carries messages in the tests: everything due goes out, everything that came is passed to a person."""

    ground: Ground
    registry: Registry
    hearers: Sequence[Hearer]

    def deliver(self) -> None:
        """Let everything that was announced have its effect, then hand over all that is due."""
        deliver_events(self.ground, REACTIONS)
        renderer = Renderer(self.ground.translations, self.ground.base_url, self.ground.keys)
        for channel in (Channel.SMS, Channel.EMAIL, Channel.SLACK):
            adapter = SandboxAdapter(channel, self.ground)
            Lane(self.ground, self.registry, renderer, adapter, timedelta(minutes=1)).drain()
        Lane(self.ground, self.registry, renderer, WebAdapter(), timedelta(minutes=1)).drain()

    def hear(self) -> None:
        """Hear all that came in."""
        Processor(self.ground, self.hearers).drain()

    def arrived(self, channel: Channel, address: str) -> list[str]:
        """Return the texts that an address has received, the oldest first."""
        with self.ground.read() as session:
            return [line.body for line in conversation(session, channel, address) if not line.is_inbound]


def pass_on(work: Work, heard: Heard) -> Disposition:
    """Hear everything by passing it to a person: worries where the text says so."""
    queue = "safeguarding" if "hurt" in heard.text else "questions"
    return pass_to_person(work, heard, queue, "for a person")


def client_of(app: Flask, person_id: str | None = None) -> FlaskClient:
    """Return a fresh browser, signed in as somebody or as nobody."""
    client = app.test_client()
    if person_id is not None:
        let_in(client, person_id)
    return client
