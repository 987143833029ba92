from __future__ import annotations

from channels.model import Urgency
from channels.wording import Kind, MessageType, Policy
from kernel.translation import say

# R27, R30: that there is an outcome, and where to read it after signing in; all get the same words at the same time.
OUTCOME = MessageType(
    key="referrals.outcome",
    values={
        "reference": Kind.TEXT,
        "council": Kind.TEXT,
        "lot": Kind.TEXT,
        "lot_number": Kind.COUNT,
        "link": Kind.LINK,
    },
    title=say("referrals.outcome.title", "Outcome of referral {reference} from {council}"),
    text=say(
        "referrals.outcome.text",
        "{council} has decided on referral {reference}.\n\n"
        "{lot}\n\n"
        "Sign in to read the outcome, and your own scores with the reasons: {link}",
    ),
    short=say(
        "referrals.outcome.short",
        "{council}: referral {reference}, lot {lot_number}, is decided. Sign in to read the outcome: {link}",
    ),
    policy=Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False),
)
# R27, R29: to all alike, also to who has answered: no more is wanted of anybody.
WITHDRAWN = MessageType(
    key="referrals.withdrawn",
    values=OUTCOME.values,
    title=say("referrals.withdrawn.title", "Referral {reference} from {council} is withdrawn"),
    text=say(
        "referrals.withdrawn.text",
        "{council} has withdrawn referral {reference}. You need not answer it.\n\n"
        "{lot}\n\n"
        "Sign in to read more: {link}",
    ),
    short=say(
        "referrals.withdrawn.short",
        "{council}: referral {reference}, lot {lot_number}, is withdrawn. You need not answer it: {link}",
    ),
    policy=OUTCOME.policy,
)

MESSAGES: tuple[MessageType, ...] = (OUTCOME, WITHDRAWN)
