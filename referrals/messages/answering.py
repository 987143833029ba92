"""What providers are told while they answer: how to decline by a reply, what they took over, what was let in late."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from channels.model import Urgency
from channels.wording import Button, Field, Form, Kind, MessageType, Policy
from kernel.translation import Phrase, say
from referrals.model.answers import DeclineCode

DECLINE = "referrals.decline"
_ANSWER = Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False)

REASONS: Mapping[DeclineCode, Phrase] = MappingProxyType(
    {
        DeclineCode.NO_PLACE: say("referrals.decline.no_place", "No place is free"),
        DeclineCode.PEER_MIX: say("referrals.decline.peer_mix", "The mix of learners would not work"),
        DeclineCode.NEED_NOT_MET: say("referrals.decline.need_not_met", "We cannot meet the need"),
        DeclineCode.STAFFING: say("referrals.decline.staffing", "We do not have the staff"),
        DeclineCode.DISTANCE: say("referrals.decline.distance", "It is too far away"),
    }
)
"""The reasons that a reply can name, in the order of their numbers; any other reason needs words, on the page."""

DECLINE_BUTTON = Button(
    DECLINE,
    say("referrals.decline.button", "Decline"),
    "reference",
    Form(
        DECLINE,
        say("referrals.decline.form", "Decline this referral"),
        (
            Field(
                "reason",
                say("referrals.decline.reason", "Why do you decline?"),
                "choice",
                choices=tuple((code.value, words) for code, words in REASONS.items()),
            ),
        ),
    ),
)

HOW_TO_DECLINE = MessageType(
    key="referrals.how_to_decline",
    values={"reference": Kind.TEXT, "link": Kind.LINK},
    title=say("referrals.how_to_decline.title", "To decline referral {reference}"),
    text=say(
        "referrals.how_to_decline.text",
        "Nothing is recorded yet. To decline, reply with NO, the reference {reference} and the number of your reason."
        "\n\n"
        "1 No place is free\n2 The mix of learners would not work\n3 We cannot meet the need\n"
        "4 We do not have the staff\n5 It is too far away\n\n"
        "For another reason or another answer, sign in: {link}\n\n"
        "Do not write anything about a learner in a reply.",
    ),
    short=say(
        "referrals.how_to_decline.short",
        "Not declined yet. Reply NO {reference} and 1 no place, 2 mix of learners, 3 need, 4 staff or 5 too far. "
        "Other answers: {link}",
    ),
    policy=_ANSWER,
)

WHICH_SETTING = MessageType(
    key="referrals.which_setting",
    values={"reference": Kind.TEXT, "link": Kind.LINK},
    title=say("referrals.which_setting.title", "Which setting declines referral {reference}?"),
    text=say(
        "referrals.which_setting.text",
        "Referral {reference} asks more than one of your settings, so nothing is recorded. Sign in and answer for each "
        "of them: {link}",
    ),
    short=say(
        "referrals.which_setting.short",
        "Referral {reference} asks more than one of your settings. Nothing is recorded. Answer for each: {link}",
    ),
    policy=_ANSWER,
)

NOT_FOUND = MessageType(
    key="referrals.not_found",
    values={"link": Kind.LINK},
    title=say("referrals.not_found.title", "We found no such referral"),
    text=say(
        "referrals.not_found.text",
        "We found no open referral of that reference that you were asked about. Nothing is recorded. See the referrals "
        "that you can answer: {link}",
    ),
    short=say(
        "referrals.not_found.short",
        "We found no open referral of that reference. Nothing is recorded. See your referrals: {link}",
    ),
    policy=_ANSWER,
)

TOO_LATE = MessageType(
    key="referrals.too_late",
    values={"reference": Kind.TEXT, "link": Kind.LINK},
    title=say("referrals.too_late.title", "Your answer to referral {reference} came too late"),
    text=say(
        "referrals.too_late.text",
        "Your answer to referral {reference} came after the deadline. It does not count. We keep it sealed, and a "
        "record that it came.\n\nSee the referral: {link}",
    ),
    short=say(
        "referrals.too_late.short",
        "Your answer to referral {reference} came after the deadline and does not count. See: {link}",
    ),
    policy=_ANSWER,
)

HANDED = MessageType(
    key="referrals.handed",
    values={
        "reference": Kind.TEXT,
        "council": Kind.TEXT,
        "lot": Kind.TEXT,
        "deadline": Kind.MOMENT,
        "link": Kind.LINK,
        "name": Kind.TEXT,
    },
    title=say("referrals.handed.title", "Referral {reference} from {council} is yours now"),
    text=say(
        "referrals.handed.text",
        "{name} has handed referral {reference} from {council} to you.\n\n"
        "{lot}\n\n"
        "The deadline is {deadline}. From now on reminders come to you.\n\n"
        "Sign in to read it and to answer: {link}",
    ),
    short=say(
        "referrals.handed.short",
        "{council}: referral {reference} is yours now. Answer by {deadline}: {link}",
    ),
    policy=Policy(solicited=True, urgency=Urgency.URGENT, needs_action=True),
)

LET_IN = MessageType(
    key="referrals.late_let_in",
    values={"reference": Kind.TEXT, "council": Kind.TEXT, "link": Kind.LINK},
    title=say("referrals.late_let_in.title", "Referral {reference}: a late answer was let in"),
    text=say(
        "referrals.late_let_in.text",
        "{council} has let in an answer to referral {reference} that came after the deadline. Everybody who was asked "
        "gets this message.\n\nSign in to read why: {link}",
    ),
    short=say(
        "referrals.late_let_in.short",
        "{council} let in a late answer to referral {reference}. Read why: {link}",
    ),
    policy=Policy(solicited=True),
)

MESSAGES = (HOW_TO_DECLINE, WHICH_SETTING, NOT_FOUND, TOO_LATE, HANDED, LET_IN)
