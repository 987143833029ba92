from __future__ import annotations

from datetime import timedelta

from channels.wording import Kind, MessageType, Policy
from kernel.translation import say

_POLICY = Policy(solicited=True, expires_after=timedelta(days=3))

RIGHTS_RECEIVED = MessageType(
    key="hub.rights_received",
    values={"link": Kind.LINK},
    title=say("hub.rights_received.title", "A rights request has come in"),
    text=say(
        "hub.rights_received.text",
        "Somebody has made a request about their rights. Its clock runs. Sign in to take it on:\n\n{link}",
    ),
    short=say("hub.rights_received.short", "A rights request has come in. Its clock runs. Sign in: {link}"),
    policy=_POLICY,
)
RIGHTS_DUE = MessageType(
    key="hub.rights_due",
    values={"last_day": Kind.DATE, "link": Kind.LINK},
    title=say("hub.rights_due.title", "A rights request is due on {last_day}"),
    text=say(
        "hub.rights_due.text",
        "A rights request that you handle must be answered by {last_day}. Sign in to see what is next:\n\n{link}",
    ),
    short=say("hub.rights_due.short", "A rights request must be answered by {last_day}. Sign in: {link}"),
    policy=_POLICY,
)
RIGHTS_LATE = MessageType(
    key="hub.rights_late",
    values={"last_day": Kind.DATE, "link": Kind.LINK},
    title=say("hub.rights_late.title", "A rights request is late"),
    text=say(
        "hub.rights_late.text",
        "A rights request should have been answered by {last_day}. Answer it now, and say why it is late:\n\n{link}",
    ),
    short=say("hub.rights_late.short", "A rights request is late: it was due on {last_day}. Sign in: {link}"),
    policy=_POLICY,
)
LOG_BROKEN = MessageType(
    key="hub.log_broken",
    values={"count": Kind.COUNT, "link": Kind.LINK},
    title=say("hub.log_broken.title", "The audit log is broken"),
    text=say(
        "hub.log_broken.text",
        "The nightly check has found that the audit log does not hold at line {count}. Lines were changed or are "
        "missing. Keep the database as it is and find out who had access to it.\n\n{link}",
    ),
    short=say("hub.log_broken.short", "The audit log does not hold at line {count}. Act now: {link}"),
    policy=Policy(solicited=True, mind_quiet_hours=False),
)
RIGHTS_MESSAGES = (RIGHTS_RECEIVED, RIGHTS_DUE, RIGHTS_LATE, LOG_BROKEN)
