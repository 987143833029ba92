"""Statutory days and notices that somebody of a council must mind. Nothing here tells who a learner is (R30)."""

from __future__ import annotations

from channels.wording import Kind, MessageType, Policy
from kernel.translation import say

_TO_DO = Policy(solicited=True, needs_action=True)

CLOCK_DUE = MessageType(
    key="referrals.clock_due",
    values={"day": Kind.DATE, "link": Kind.LINK},
    title=say("referrals.clock_due.title", "A statutory deadline of yours is {day}"),
    text=say(
        "referrals.clock_due.text",
        "A statutory clock that you keep has a step that is due by {day}.\n\n"
        "The law gives the day. It does not move for weekends or holidays.\n\n"
        "See what is due, and record it when it is done: {link}",
    ),
    short=say("referrals.clock_due.short", "A statutory deadline of yours is {day}. What is due: {link}"),
    policy=_TO_DO,
)

CLOCK_MISSED = MessageType(
    key="referrals.clock_missed",
    values={"day": Kind.DATE, "link": Kind.LINK},
    title=say("referrals.clock_missed.title", "A statutory deadline of yours was {day}"),
    text=say(
        "referrals.clock_missed.text",
        "A step of a statutory clock that you keep was due by {day}. It is not recorded as done.\n\n"
        "Record when it was done, or do it now: {link}",
    ),
    short=say("referrals.clock_missed.short", "A statutory deadline of yours was {day} and is not done: {link}"),
    policy=_TO_DO,
)

NOTICE_DUE = MessageType(
    key="referrals.notice_due",
    values={"day": Kind.DATE, "link": Kind.LINK},
    title=say("referrals.notice_due.title", "A procurement notice is due by {day}"),
    text=say(
        "referrals.notice_due.text",
        "Your council must send a procurement notice by {day}.\n\n"
        "The hub has drafted it and publishes nothing. Download the draft, send it, and record its number: {link}",
    ),
    short=say("referrals.notice_due.short", "A procurement notice of your council is due by {day}. The draft: {link}"),
    policy=_TO_DO,
)

MESSAGES: tuple[MessageType, ...] = (CLOCK_DUE, CLOCK_MISSED, NOTICE_DUE)
