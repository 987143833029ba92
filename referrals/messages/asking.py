from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from channels.model import Urgency
from channels.wording import Kind, MessageType, Policy
from kernel.translation import say
from referrals.messages.answering import DECLINE_BUTTON

_ASKED = {
    "reference": Kind.TEXT,
    "council": Kind.TEXT,
    "lot": Kind.TEXT,
    "lot_number": Kind.COUNT,
    "deadline": Kind.MOMENT,
    "link": Kind.LINK,
}

# R30: nothing but reference, council, lot, deadline and link. R9: no quiet hours, so that all get it at once.
ALERT = MessageType(
    key="referrals.alert",
    values=_ASKED,
    title=say("referrals.alert.title", "Referral {reference} from {council}"),
    text=say(
        "referrals.alert.text",
        "{council} asks you to answer referral {reference}.\n\n"
        "{lot}\n\n"
        "The deadline is {deadline}. A later answer cannot be accepted.\n\n"
        "Sign in to read it and to answer: {link}\n\n"
        "If you can only decline, you may reply NO to this message. Write nothing about a learner in a reply.",
    ),
    short=say(
        "referrals.alert.short",
        "{council}: referral {reference}, lot {lot_number}. Answer by {deadline}: {link} or reply NO to decline",
    ),
    policy=Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False, needs_action=True),
    buttons=(DECLINE_BUTTON,),
)

# R18: worded alike for everybody and for both reminders. It expires so that one held up never comes days late.
REMINDER = MessageType(
    key="referrals.reminder",
    values=_ASKED,
    title=say("referrals.reminder.title", "Reminder: referral {reference} from {council}"),
    text=say(
        "referrals.reminder.text",
        "{council} waits for your final answer to referral {reference}.\n\n"
        "{lot}\n\n"
        "The deadline is {deadline}. A later answer cannot be accepted.\n\n"
        "Sign in to answer: {link}\n\n"
        "If you can only decline, you may reply NO to this message. Write nothing about a learner in a reply.",
    ),
    short=say(
        "referrals.reminder.short",
        "Reminder: {council} referral {reference}, lot {lot_number}. "
        "Answer by {deadline}: {link} or reply NO to decline",
    ),
    policy=Policy(solicited=True, expires_after=timedelta(hours=24), needs_action=True),
    buttons=(DECLINE_BUTTON,),
)

RECEIPT = MessageType(
    key="referrals.receipt",
    values={"reference": Kind.TEXT, "setting": Kind.TEXT, "received": Kind.TEXT, "checksum": Kind.TEXT},
    title=say("referrals.receipt.title", "We have your answer to referral {reference}"),
    text=say(
        "referrals.receipt.text",
        "We received your answer to referral {reference} for {setting} in time.\n\n"
        "Received: {received}\n\n"
        "Checksum: {checksum}\n\n"
        "It stays sealed until the deadline has passed. You can change it until then.",
    ),
    short=say(
        "referrals.receipt.short",
        "Answer to referral {reference} for {setting} received {received}. Checksum: {checksum}",
    ),
    policy=Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False),
)

# Where nobody competes the council reads an answer as soon as it is there.
RECEIPT_READ = replace(
    RECEIPT,
    key="referrals.receipt_read",
    text=say(
        "referrals.receipt_read.text",
        "We received your answer to referral {reference} for {setting} in time.\n\n"
        "Received: {received}\n\n"
        "Checksum: {checksum}\n\n"
        "You alone were asked, so the council can read it now. You can change it until the deadline or the decision.",
    ),
)

MESSAGES: tuple[MessageType, ...] = (ALERT, REMINDER, RECEIPT, RECEIPT_READ)


def asked_values(text: Mapping[str, Any], deadline: str, referral_id: str) -> dict[str, object]:
    """Return the values of the alert and of the reminders from the frozen text; `deadline` is an ISO moment.

    Where the council would narrow a rare learner down, the area stands in its place (R33).
    """
    return {
        "reference": text["reference"],
        "council": text.get("area") or text["council"],
        "lot": text["lot"],
        "lot_number": text["lot_number"],
        "deadline": deadline,
        "link": f"/referrals/{referral_id}",
    }
