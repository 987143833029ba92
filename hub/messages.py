from __future__ import annotations

from datetime import timedelta

from channels.model import Urgency
from channels.wording import Kind, MessageType, Policy
from hub.people_messages import PEOPLE_MESSAGES
from hub.rights_messages import RIGHTS_MESSAGES
from kernel.translation import say
from people.actions.ask_way_in import LASTS

_AT_ONCE = Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False, expires_after=LASTS)

SIGN_IN = MessageType(
    key="hub.sign_in",
    values={"name": Kind.TEXT, "link": Kind.GRANT, "code": Kind.CODE},
    title=say("hub.sign_in.title", "Your link to sign in"),
    text=say(
        "hub.sign_in.text",
        "{name}, use this link to sign in to the Co-production Hub, in the browser where you asked for it:\n\n"
        "{link}\n\n"
        "Or type this code there: {code}\n\n"
        "The link and the code work once, for 15 minutes. Never tell anybody the code. We do not ask for it.\n\n"
        "If you did not ask for it, do nothing. Nobody can sign in without this email.",
    ),
    short=say(
        "hub.sign_in.short",
        "Sign in to the Co-production Hub within 15 minutes, where you asked: {link} Or type the code {code}",
    ),
    policy=_AT_ONCE,
)

COME_BACK = MessageType(
    key="hub.come_back",
    values={"code": Kind.CODE},
    title=say("hub.come_back.title", "Your code"),
    text=say(
        "hub.come_back.text",
        "Your code is {code}\n\n"
        "Type it on the page where you asked for it. It works once, for 15 minutes.\n\n"
        "Never tell anybody the code. We do not ask for it.\n\n"
        "If you did not ask for it, do nothing.",
    ),
    short=say(
        "hub.come_back.short",
        "{code} is your code for the Co-production Hub. It works for 15 minutes. Never tell anybody the code.",
    ),
    policy=_AT_ONCE,
)

TEST = MessageType(
    key="hub.test_message",
    values={"at": Kind.MOMENT},
    title=say("hub.test_message.title", "A test message"),
    text=say(
        "hub.test_message.text",
        "This is a test message that you asked for on {at}. It has arrived, so this way to you works.\n\n"
        "You do not have to do anything.",
    ),
    short=say("hub.test_message.short", "A test message that you asked for on {at}. It has arrived: all is well."),
    policy=Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False, expires_after=timedelta(hours=1)),
)

_MUST_KNOW = Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False)

SECOND_FACTOR_CHANGED = MessageType(
    key="hub.second_factor_changed",
    values={"name": Kind.TEXT},
    title=say("hub.second_factor_changed.title", "Your second factor has changed"),
    text=say(
        "hub.second_factor_changed.text",
        "{name}, an authenticator app or a passkey was added to your account on the Co-production Hub, changed or "
        "removed.\n\n"
        "If that was you, do nothing.\n\n"
        "If it was not you, tell the administrator of the hub in your organisation now.",
    ),
    short=say(
        "hub.second_factor_changed.short",
        "Your second factor on the Co-production Hub has changed. Was it not you? Tell your administrator now.",
    ),
    policy=_MUST_KNOW,
)

SECOND_FACTOR_RESET = MessageType(
    key="hub.second_factor_reset",
    values={"name": Kind.TEXT},
    title=say("hub.second_factor_reset.title", "Your second factor was reset"),
    text=say(
        "hub.second_factor_reset.text",
        "{name}, an administrator has reset your second factor on the Co-production Hub. You are signed out "
        "everywhere.\n\n"
        "Next time you sign in, set up a new one.\n\n"
        "If you did not ask for this, tell the administrator of the hub in your organisation now.",
    ),
    short=say(
        "hub.second_factor_reset.short",
        "Your second factor on the Co-production Hub was reset. Did you not ask for it? Tell your administrator now.",
    ),
    policy=_MUST_KNOW,
)

MESSAGES: tuple[MessageType, ...] = (
    SIGN_IN,
    COME_BACK,
    TEST,
    SECOND_FACTOR_CHANGED,
    SECOND_FACTOR_RESET,
    *PEOPLE_MESSAGES,
    *RIGHTS_MESSAGES,
)
