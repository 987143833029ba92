"""Invented persons and a plain message, for tests of what goes out and comes in."""

from __future__ import annotations

from channels.model import Urgency
from channels.wording import IfUnproven, Kind, MessageType, Policy, Registry
from kernel.translation import say
from kernel.work import Ground
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.model import OrganisationKind, Role

PHONE = "+447700900123"
EMAIL = "parent@example.org"

ASKED = MessageType(
    key="test.asked",
    values={"word": Kind.TEXT},
    title=say("test.asked.title", "About {word}"),
    text=say("test.asked.text", "You asked about {word}."),
    short=say("test.asked.short", "You asked about {word}."),
    policy=Policy(solicited=True, urgency=Urgency.NORMAL, mind_quiet_hours=False),
)
UNASKED = MessageType(
    key="test.unasked",
    values={"word": Kind.TEXT},
    title=say("test.unasked.title", "News of {word}"),
    text=say("test.unasked.text", "News of {word}."),
    short=say("test.unasked.short", "News of {word}."),
    policy=Policy(solicited=False, urgency=Urgency.BULK),
)
CAREFUL = MessageType(
    key="test.careful",
    values={"word": Kind.TEXT},
    title=say("test.careful.title", "Once: {word}"),
    text=say("test.careful.text", "Once: {word}"),
    short=say("test.careful.short", "Once: {word}"),
    policy=Policy(solicited=True, mind_quiet_hours=False, if_unproven=IfUnproven.ASK_A_PERSON),
)
ALIKE = MessageType(
    key="test.alike",
    values={"word": Kind.TEXT},
    title=say("test.alike.title", "About {word}"),
    text=say("test.alike.text", "You asked about {word}."),
    short=say("test.alike.short", "You asked about {word}."),
    policy=Policy(solicited=True, mind_quiet_hours=False),
)
"""Another kind with the same words as ASKED: the reader cannot tell them apart."""
REGISTRY = Registry([ASKED, UNASKED, CAREFUL, ALIKE])


def parent(ground: Ground, *points: tuple[str, str], role: Role = Role.FAMILY) -> str:
    with ground.work() as work:
        forum = register_organisation(work, NewOrganisation(OrganisationKind.FORUM, "A forum"))
        return register_person(
            work, NewPerson("A Parent", roles=((role, forum),), contact_points=points or (("sms", PHONE),))
        )
