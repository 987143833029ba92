from __future__ import annotations

from datetime import timedelta

from channels.model import Urgency
from channels.wording import Kind, MessageType, Policy
from kernel.translation import say

SIGN_IN_LASTS = timedelta(minutes=15)

SIGN_IN = MessageType(
    key="hub.sign_in",
    values={"name": Kind.TEXT, "link": Kind.GRANT},
    title=say("hub.sign_in.title", "Your link to sign in"),
    text=say(
        "hub.sign_in.text",
        "{name}, use this link to sign in to the Co-production Hub:\n\n{link}\n\n"
        "The link works once, for 15 minutes.\n\n"
        "If you did not ask for it, do nothing. Nobody can sign in without this link.",
    ),
    short=say("hub.sign_in.short", "Sign in to the Co-production Hub within 15 minutes: {link}"),
    policy=Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False, expires_after=SIGN_IN_LASTS),
)

MESSAGES: tuple[MessageType, ...] = (SIGN_IN,)
