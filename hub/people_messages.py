from __future__ import annotations

from datetime import timedelta

from channels.model import Urgency
from channels.wording import Kind, MessageType, Policy
from kernel.translation import say
from people.rules.codes import LASTS

_ASKED_FOR = Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False)

CONTACT_CODE = MessageType(
    key="hub.contact_code",
    values={"code": Kind.CODE},
    title=say("hub.contact_code.title", "Your code is {code}"),
    text=say(
        "hub.contact_code.text",
        "Your code for the Co-production Hub is {code}. It works for 15 minutes.\n\n"
        "If you did not ask for it, do nothing. Then nothing more comes to you.",
    ),
    short=say(
        "hub.contact_code.short",
        "Your code for the Co-production Hub is {code}. It works for 15 minutes. Did not ask for it? Do nothing.",
    ),
    policy=Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False, expires_after=LASTS),
)
ADDRESS_REPLACED = MessageType(
    key="hub.address_replaced",
    values={},
    title=say("hub.address_replaced.title", "Your address was changed"),
    text=say(
        "hub.address_replaced.text",
        "Somebody signed in as you and changed this address to another one. We write there from now on.\n\n"
        "Was it not you? Answer this message and we will look at it.",
    ),
    short=say(
        "hub.address_replaced.short",
        "Somebody signed in as you and changed this number to another one. Was it not you? Answer and we will look.",
    ),
    policy=_ASKED_FOR,
)
ADDRESS_ADDED = MessageType(
    key="hub.address_added",
    values={},
    title=say("hub.address_added.title", "A new address was added to your account"),
    text=say(
        "hub.address_added.text",
        "A new number or address was added to your account on the Co-production Hub. It can be used to sign in.\n\n"
        "If that was you, do nothing.\n\n"
        "If it was not you, tell the administrator of the hub in your organisation now.",
    ),
    short=say(
        "hub.address_added.short",
        "A new number or address was added to your account on the Co-production Hub. "
        "Was it not you? Tell your administrator now.",
    ),
    policy=_ASKED_FOR,
)
INVITATION = MessageType(
    key="hub.invitation",
    values={"name": Kind.TEXT, "role": Kind.TEXT, "organisation": Kind.TEXT, "link": Kind.GRANT},
    title=say("hub.invitation.title", "You are invited to the Co-production Hub"),
    text=say(
        "hub.invitation.text",
        "{name}, you are invited to the Co-production Hub for {organisation}. Your role there: {role}.\n\n{link}\n\n"
        "The link works once, for 7 days.\n\nIf you do not know what this is about, do nothing.",
    ),
    short=say("hub.invitation.short", "You are invited to the Co-production Hub for {organisation}: {link}"),
    policy=Policy(solicited=True, mind_quiet_hours=False, expires_after=timedelta(days=7)),
)
DETAILS_LINK = MessageType(
    key="hub.details_link",
    values={"link": Kind.GRANT},
    title=say("hub.details_link.title", "How we reach you"),
    text=say(
        "hub.details_link.text",
        "Here you can change how we write to you, in which language and when:\n\n{link}\n\n"
        "The link works for 30 days. It is only for you.",
    ),
    short=say("hub.details_link.short", "Change how we write to you, in which language and when: {link}"),
    policy=Policy(solicited=True),
)

PEOPLE_MESSAGES: tuple[MessageType, ...] = (CONTACT_CODE, ADDRESS_REPLACED, ADDRESS_ADDED, INVITATION, DETAILS_LINK)
