"""What colleagues of a council tell each other of a referral. No learner and no provider is in it (R21, R30)."""

from __future__ import annotations

from channels.wording import Kind, MessageType, Policy
from kernel.translation import say

_VALUES = {"reference": Kind.TEXT, "link": Kind.LINK}
_TO_DO = Policy(solicited=True, needs_action=True)

ASKED = MessageType(
    key="referrals.approval_asked",
    values=_VALUES,
    title=say("referrals.approval_asked.title", "Referral {reference} waits for a second person"),
    text=say(
        "referrals.approval_asked.text",
        "A colleague asks for a second person's decision on referral {reference}. Any of you can decide, once.\n\n"
        "Sign in to read what it is about, and decide: {link}",
    ),
    short=say(
        "referrals.approval_asked.short", "Referral {reference} waits for a second person. Sign in to decide: {link}"
    ),
    policy=_TO_DO,
)

APPROVED = MessageType(
    key="referrals.approval_given",
    values=_VALUES,
    title=say("referrals.approval_given.title", "A colleague has approved what you asked of referral {reference}"),
    text=say(
        "referrals.approval_given.text",
        "A colleague has approved what you asked of referral {reference}.\n\nSign in to take the next step: {link}",
    ),
    short=say(
        "referrals.approval_given.short",
        "A colleague has approved what you asked of referral {reference}. Next step: {link}",
    ),
    policy=_TO_DO,
)

SENT_BACK = MessageType(
    key="referrals.approval_refused",
    values=_VALUES,
    title=say("referrals.approval_refused.title", "A colleague has sent back what you asked of referral {reference}"),
    text=say(
        "referrals.approval_refused.text",
        "A colleague has not approved what you asked of referral {reference}.\n\nSign in to read why: {link}",
    ),
    short=say(
        "referrals.approval_refused.short",
        "A colleague has not approved what you asked of referral {reference}. Why: {link}",
    ),
    policy=_TO_DO,
)

# R25: who scores.
NAMED = MessageType(
    key="referrals.evaluator_named",
    values=_VALUES,
    title=say("referrals.evaluator_named.title", "You are asked to score referral {reference}"),
    text=say(
        "referrals.evaluator_named.text",
        "A colleague has named you to score the offers for referral {reference}. Score them by yourself.\n\n"
        "First say whether you have a conflict of interest.\n\n"
        "Sign in to begin: {link}",
    ),
    short=say("referrals.evaluator_named.short", "You are asked to score referral {reference}. Sign in: {link}"),
    policy=_TO_DO,
)

# R17, R25: an offer came to those that were scored.
REOPENED = MessageType(
    key="referrals.scores_reopened",
    values=_VALUES,
    title=say("referrals.scores_reopened.title", "Your scores for referral {reference} are open again"),
    text=say(
        "referrals.scores_reopened.text",
        "Another offer for referral {reference} has been let in after you handed in your scores.\n\n"
        "What you gave stays. Score the other offer too, and hand in again.\n\n"
        "Sign in to score it: {link}",
    ),
    short=say(
        "referrals.scores_reopened.short",
        "Your scores for referral {reference} are open again: another offer was let in. Sign in: {link}",
    ),
    policy=_TO_DO,
)

MESSAGES: tuple[MessageType, ...] = (ASKED, APPROVED, SENT_BACK, NAMED, REOPENED)
