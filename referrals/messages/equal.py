"""What all who were asked are told alike after the issue, and what their council is told of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from channels.model import Urgency
from channels.wording import Kind, MessageType, Policy
from kernel.translation import say

ASKED: Mapping[str, Kind] = MappingProxyType(
    {
        "reference": Kind.TEXT,
        "council": Kind.TEXT,
        "lot": Kind.TEXT,
        "lot_number": Kind.COUNT,
        "deadline": Kind.MOMENT,
        "link": Kind.LINK,
    }
)
"""All that a message about a referral may tell (R30)."""
# R9: no quiet hours, so that all get it at once.
_TO_ALL = Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False, needs_action=True)
_TO_OWNER = Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False, needs_action=True)

# R10: a new version, to everybody who was asked, whatever they have answered.
CHANGED = MessageType(
    key="referrals.changed",
    values=ASKED,
    title=say("referrals.changed.title", "Referral {reference} from {council} has changed"),
    text=say(
        "referrals.changed.text",
        "{council} has changed referral {reference}.\n\n"
        "{lot}\n\n"
        "The deadline is now {deadline}. A later answer cannot be accepted.\n\n"
        "Sign in to read what has changed, to confirm that you have read it, and to answer: {link}",
    ),
    short=say(
        "referrals.changed.short",
        "{council}: referral {reference}, lot {lot_number} has changed. Answer by {deadline}: {link}",
    ),
    policy=_TO_ALL,
)
# R12, R11: the text is the same, everybody has more time.
MOVED = MessageType(
    key="referrals.moved",
    values=ASKED,
    title=say("referrals.moved.title", "More time to answer referral {reference} from {council}"),
    text=say(
        "referrals.moved.text",
        "The deadline of referral {reference} from {council} has moved. Everybody who was asked has the same new "
        "deadline.\n\n"
        "{lot}\n\n"
        "The deadline is now {deadline}. A later answer cannot be accepted.\n\n"
        "Sign in to read why, to confirm that you have read it, and to answer: {link}",
    ),
    short=say(
        "referrals.moved.short",
        "{council}: more time for referral {reference}, lot {lot_number}. Answer by {deadline}: {link}",
    ),
    policy=_TO_ALL,
)
# R11: to everybody at once, also to those who declined; nothing of the question is in it (R30).
ANSWERED = MessageType(
    key="referrals.question_answered",
    values=ASKED,
    title=say("referrals.question_answered.title", "A question about referral {reference} has been answered"),
    text=say(
        "referrals.question_answered.text",
        "{council} has answered a question about referral {reference}. Everybody who was asked gets this answer.\n\n"
        "{lot}\n\n"
        "The deadline is {deadline}. A later answer cannot be accepted.\n\n"
        "Sign in to read the question and the answer: {link}",
    ),
    short=say(
        "referrals.question_answered.short",
        "{council}: a question about referral {reference}, lot {lot_number} has been answered. "
        "Deadline {deadline}: {link}",
    ),
    policy=_TO_ALL,
)
_OWNED = {"reference": Kind.TEXT, "link": Kind.LINK}
QUESTION_ASKED = MessageType(
    key="referrals.question_asked",
    values={**_OWNED, "closes": Kind.MOMENT},
    title=say("referrals.question_asked.title", "A question about referral {reference} waits for you"),
    text=say(
        "referrals.question_asked.text",
        "A provider has asked a question about referral {reference}. Your answer goes to everybody who was asked.\n\n"
        "Answer by {closes}. A later answer moves the deadline for all.\n\n"
        "Sign in to answer it: {link}",
    ),
    short=say(
        "referrals.question_asked.short",
        "A question about referral {reference} waits for you. Answer by {closes}: {link}",
    ),
    policy=_TO_OWNER,
)
# R12: within 15 minutes, to whoever issued it. It names no provider: the page does.
NOT_REACHED = MessageType(
    key="referrals.not_reached",
    values={**_OWNED, "count": Kind.COUNT, "until": Kind.MOMENT},
    title=say("referrals.not_reached.title", "Referral {reference} has not reached everybody"),
    text=say(
        "referrals.not_reached.text",
        "Settings that referral {reference} could not reach by any channel: {count}.\n\n"
        "If that is not put right by {until}, the deadline moves for everybody.\n\n"
        "Sign in to see who it is and what you can do: {link}",
    ),
    short=say(
        "referrals.not_reached.short",
        "Referral {reference} has not reached everybody ({count}). Put it right by {until}: {link}",
    ),
    policy=_TO_OWNER,
)
MESSAGES: tuple[MessageType, ...] = (CHANGED, MOVED, ANSWERED, QUESTION_ASKED, NOT_REACHED)
