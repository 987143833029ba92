"""Placements: their reviews and their end. Nothing of the learner is in them (R30)."""

from __future__ import annotations

from channels.wording import Kind, MessageType, Policy
from kernel.translation import say

_VALUES = {"reference": Kind.TEXT, "day": Kind.DATE, "link": Kind.LINK}

REVIEW_DUE = MessageType(
    key="referrals.placement_review_due",
    values=_VALUES,
    title=say("referrals.placement_review_due.title", "Placement {reference}: review by {day}"),
    text=say(
        "referrals.placement_review_due.text",
        "A review of placement {reference} is planned for {day}.\n\n"
        "Agree with each other when and how it takes place. See what it is about: {link}",
    ),
    short=say(
        "referrals.placement_review_due.short", "Placement {reference}: a review is planned for {day}. See {link}"
    ),
    policy=Policy(solicited=True, needs_action=True),
)

REVIEW_OVERDUE = MessageType(
    key="referrals.placement_review_overdue",
    values=_VALUES,
    title=say("referrals.placement_review_overdue.title", "Placement {reference}: the review of {day} is not recorded"),
    text=say(
        "referrals.placement_review_overdue.text",
        "The review of placement {reference} was planned for {day}, and nobody has recorded what came of it.\n\n"
        "Record it, or choose another day: {link}",
    ),
    short=say(
        "referrals.placement_review_overdue.short",
        "Placement {reference}: the review of {day} is not recorded. Record or move it: {link}",
    ),
    policy=Policy(solicited=True, needs_action=True),
)

ENDED = MessageType(
    key="referrals.placement_ended",
    values=_VALUES,
    title=say("referrals.placement_ended.title", "Placement {reference} ended on {day}"),
    text=say(
        "referrals.placement_ended.text",
        "Placement {reference} ended. Its last day was {day}.\n\nIts reviews are called off. See it here: {link}",
    ),
    short=say("referrals.placement_ended.short", "Placement {reference} ended on {day}. See it: {link}"),
    policy=Policy(solicited=True),
)

OUTLASTS = MessageType(
    key="referrals.placement_outlasts",
    values=_VALUES,
    title=say("referrals.placement_outlasts.title", "Placement {reference} runs past the end of its framework"),
    text=say(
        "referrals.placement_outlasts.text",
        "The framework through which placement {reference} was bought ends on {day}. The agreement runs longer.\n\n"
        "Ask your legal and procurement colleagues whether it may, and plan what follows: {link}",
    ),
    short=say(
        "referrals.placement_outlasts.short",
        "Placement {reference} runs past the end of its framework on {day}. See: {link}",
    ),
    policy=Policy(solicited=True, needs_action=True),
)

MESSAGES = (REVIEW_DUE, REVIEW_OVERDUE, ENDED, OUTLASTS)
