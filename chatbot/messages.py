from __future__ import annotations

from datetime import timedelta

from channels.model import Urgency
from channels.wording import Kind, MessageType, Policy
from kernel.translation import say

# Whoever has just written is awake and waits, so an answer does not mind the quiet hours; after two days it is stale.
_REPLY = Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False, expires_after=timedelta(days=2))
_EXPLANATION = {"term": Kind.TEXT, "answer": Kind.TEXT, "brief": Kind.TEXT}

EXPLAINED = MessageType(
    key="chatbot.explained",
    values=_EXPLANATION,
    title=say("chatbot.explained.title", "{term}"),
    text=say("chatbot.explained.text", "{answer}"),
    short=say("chatbot.explained.short", "{brief}"),
    policy=_REPLY,
)
EXPLAINED_IN_PART = MessageType(
    key="chatbot.explained_in_part",
    values=_EXPLANATION,
    title=say("chatbot.explained_in_part.title", "{term}"),
    text=say(
        "chatbot.explained_in_part.text",
        "{answer}\n\nYou asked or told us more than this. A person will read your message and answer you.",
    ),
    short=say("chatbot.explained_in_part.short", "{brief}\nA person will read the rest and answer you."),
    policy=_REPLY,
)
ASK_WHICH = MessageType(
    key="chatbot.ask_which",
    values={"name": Kind.TEXT, "choices": Kind.LINES},
    title=say("chatbot.ask_which.title", "Which one do you mean?"),
    text=say(
        "chatbot.ask_which.text",
        "{name} can mean more than one thing. Which one do you mean? Write its full name:\n\n{choices}",
    ),
    short=say("chatbot.ask_which.short", "{name} can mean more than one thing. Write the one you mean:\n{choices}"),
    policy=_REPLY,
)
PASSED_ON = MessageType(
    key="chatbot.passed_on",
    values={},
    title=say("chatbot.passed_on.title", "A person will answer you"),
    text=say(
        "chatbot.passed_on.text",
        "Thank you for your message. A person will read it and answer you here.\n\n"
        "You can also ask what a word means, for example: What is an IPA?\n\n"
        "If anyone is in danger now, call 999.",
    ),
    short=say(
        "chatbot.passed_on.short",
        "Thank you. A person will read this and answer you here. If anyone is in danger now, call 999.",
    ),
    policy=_REPLY,
)

MESSAGES: tuple[MessageType, ...] = (EXPLAINED, EXPLAINED_IN_PART, ASK_WHICH, PASSED_ON)
