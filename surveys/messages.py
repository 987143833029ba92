"""What a survey tells families, and which messages one step of the conversation needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from channels.model import Urgency
from channels.wording import Kind, MessageType, Policy
from kernel.translation import say
from surveys.rules.state import Saying, Step
from surveys.rules.wording import OWN_MESSAGES, Speaker

_ASKED = Policy(solicited=False, urgency=Urgency.BULK, expires_after=timedelta(days=14))
_REPLY = Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False, expires_after=timedelta(days=2))

INVITE = MessageType(
    key="surveys.invite",
    values={
        "forum": Kind.TEXT,
        "count": Kind.COUNT,
        "question": Kind.TEXT,
        "question_sms": Kind.TEXT,
        "link": Kind.GRANT,
    },
    title=say("surveys.invite.title", "{forum} would like to hear from you"),
    text=say(
        "surveys.invite.text",
        "{forum} asks parents and carers {count} short questions about support for your child.\n\n"
        "People at {forum} read your answers. They never show who said what. "
        "If you tell us that somebody is not safe, we must pass that on.\n\n"
        "You may skip any question, and stop at any time: send STOP and we will not ask you again.\n\n"
        "You can answer all questions here: {link}\n\n"
        "Or reply with your answer to the first one:\n\n{question}",
    ),
    short=say(
        "surveys.invite.short",
        "{forum}: {count} short questions. We read the answers without names and pass on worries about safety. "
        "Send SKIP to leave one out, STOP to stop. Web: {link}\n"
        "{question_sms}",
    ),
    policy=_ASKED,
)
"""The first message (V6): who asks, who reads, what is passed on, how to stop; and the first question with it."""

PROMPT = MessageType(
    key="surveys.prompt",
    values={"words": Kind.TEXT, "words_sms": Kind.TEXT},
    title=say("surveys.prompt.title", "The next question"),
    text=say("surveys.prompt.text", "{words}"),
    short=say("surveys.prompt.short", "{words_sms}"),
    policy=_REPLY,
)

ON_THE_WEB = MessageType(
    key="surveys.on_the_web",
    values={"link": Kind.GRANT},
    title=say("surveys.on_the_web.title", "You can answer on the web"),
    text=say(
        "surveys.on_the_web.text",
        "You can answer on the web, where you can see the choices: {link}\n\nOr reply SKIP to leave this question out.",
    ),
    short=say(
        "surveys.on_the_web.short", "You can answer on the web: {link} Or reply SKIP to leave this question out."
    ),
    policy=_REPLY,
)

THANKS = MessageType(
    key="surveys.thanks",
    values={"forum": Kind.TEXT},
    title=say("surveys.thanks.title", "Thank you"),
    text=say(
        "surveys.thanks.text",
        "Thank you. We have your answers. {forum} will tell you what changes because of them.\n\n"
        "You can write to us again at any time.",
    ),
    short=say(
        "surveys.thanks.short",
        "Thank you. We have your answers. {forum} will tell you what changes because of them.",
    ),
    policy=_REPLY,
)

CLOSED = MessageType(
    key="surveys.closed",
    values={"forum": Kind.TEXT},
    title=say("surveys.closed.title", "This survey has closed"),
    text=say(
        "surveys.closed.text",
        "Thank you for answering. This survey has closed, so your answer is not counted. We have kept your words.\n\n"
        "{forum} will ask again, and you can write to us at any time.",
    ),
    short=say(
        "surveys.closed.short",
        "Thank you. This survey has closed, so your answer is not counted. We kept your words. {forum} will ask again.",
    ),
    policy=_REPLY,
)

MESSAGES = (INVITE, PROMPT, ON_THE_WEB, THANKS, CLOSED)
_OWN = {Saying.LINK: ON_THE_WEB, Saying.THANKS: THANKS, Saying.CLOSED: CLOSED}


@dataclass(frozen=True)
class Telling:
    """One message to send, with its values."""

    type: MessageType
    values: Mapping[str, object]


def invitation(speaker: Speaker, step: Step, *, forum: str, grant_id: str) -> Telling:
    """The first message, from the first step of the conversation."""
    spoken = speaker.speak(step.says, step.state)
    count = len(speaker.definition.asked)
    values = {"forum": forum, "count": count, "question": spoken.long, "question_sms": spoken.short, "link": grant_id}
    return Telling(INVITE, values)


def replies(speaker: Speaker, step: Step, *, forum: str, grant_id: str) -> list[Telling]:
    """What one step says: at most one prompt, then what is a message of its own."""
    facts = {"forum": forum, "link": grant_id}
    tellings: list[Telling] = []
    if any(one.saying not in OWN_MESSAGES for one in step.says):
        spoken = speaker.speak(step.says, step.state)
        tellings.append(Telling(PROMPT, {"words": spoken.long, "words_sms": spoken.short}))
    for one in step.says:
        if one.saying in OWN_MESSAGES:
            kind = _OWN[one.saying]
            tellings.append(Telling(kind, {name: facts[name] for name in kind.values}))
    return tellings
