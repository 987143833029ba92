from __future__ import annotations

from datetime import timedelta

from channels.model import Urgency
from channels.wording import Kind, MessageType, Policy
from kernel.translation import say

_REPLY = Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False, expires_after=timedelta(days=2))

WORRY_REPLY = MessageType(
    key="channels.worry_reply",
    values={},
    title=say("channels.worry_reply.title", "Your message"),
    text=say(
        "channels.worry_reply.text",
        "Thank you for telling us. A person will read your message and may need to pass it on.\n\n"
        "If anyone is in danger now, call 999.\n\n"
        "Children can call Childline free on 0800 1111. Adults worried about a child can call the NSPCC on "
        "0808 800 5000.",
    ),
    short=say(
        "channels.worry_reply.short",
        "Thank you for telling us. A person will read this. In danger now? Call 999. Childline 0800 1111. "
        "Worried about a child? NSPCC 0808 800 5000.",
    ),
    policy=_REPLY,
)
WORRY_ALERT = MessageType(
    key="channels.worry_alert",
    values={"link": Kind.LINK},
    title=say("channels.worry_alert.title", "A worrying message needs you now"),
    text=say(
        "channels.worry_alert.text",
        "A message that came in may be about someone at risk. Please sign in and read it within 15 minutes.\n\n{link}",
    ),
    short=say("channels.worry_alert.short", "A worrying message has come in. Sign in and read it now: {link}"),
    policy=Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False, needs_action=True),
)
OPTED_OUT = MessageType(
    key="channels.opted_out",
    values={},
    title=say("channels.opted_out.title", "You will not hear from us"),
    text=say(
        "channels.opted_out.text",
        "You have stopped messages from us. We will not write to you again unless you write first. "
        "To hear from us again, send START.",
    ),
    short=say(
        "channels.opted_out.short",
        "You have stopped messages from us. We will not text you again unless you text first. "
        "To start again, send START.",
    ),
    policy=_REPLY,
)
OPTED_IN = MessageType(
    key="channels.opted_in",
    values={},
    title=say("channels.opted_in.title", "Welcome back"),
    text=say("channels.opted_in.text", "You will hear from us again. To stop at any time, send STOP."),
    short=say("channels.opted_in.short", "You will hear from us again. To stop at any time, send STOP."),
    policy=_REPLY,
)
HELP = MessageType(
    key="channels.help",
    values={},
    title=say("channels.help.title", "How this works"),
    text=say(
        "channels.help.text",
        "We ask families how things are going and answer questions about support for children with special "
        "educational needs.\n\nAsk us what a word means, like EHCP. Send STOP to hear no more from us. "
        "If anyone is in danger, call 999.",
    ),
    short=say(
        "channels.help.short",
        "Ask us what a word means, like EHCP, or answer our questions. Send STOP to hear no more. In danger? Call 999.",
    ),
    policy=_REPLY,
)
ANSWER_FROM_PERSON = MessageType(
    key="channels.answer_from_person",
    values={"answer": Kind.TEXT},
    title=say("channels.answer_from_person.title", "An answer to your question"),
    text=say("channels.answer_from_person.text", "{answer}"),
    short=say("channels.answer_from_person.short", "{answer}"),
    policy=Policy(solicited=True, urgency=Urgency.URGENT),
)
# V12: the one answer of a person's that does not wait for the morning.
ANSWER_TO_WORRY = MessageType(
    key="channels.answer_to_worry",
    values={"answer": Kind.TEXT},
    title=say("channels.answer_to_worry.title", "A reply to your message"),
    text=say("channels.answer_to_worry.text", "{answer}"),
    short=say("channels.answer_to_worry.short", "{answer}"),
    policy=Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False),
)
NOT_ALLOWED = MessageType(
    key="channels.not_allowed",
    values={},
    title=say("channels.not_allowed.title", "Nothing has changed"),
    text=say(
        "channels.not_allowed.text",
        "You do not have permission to use that button, so nothing has changed. "
        "If you think that is wrong, write to us.",
    ),
    short=say(
        "channels.not_allowed.short",
        "You do not have permission to use that button, so nothing has changed. "
        "If you think that is wrong, write to us.",
    ),
    policy=_REPLY,
)

MESSAGES = (WORRY_REPLY, WORRY_ALERT, OPTED_OUT, OPTED_IN, HELP, ANSWER_FROM_PERSON, ANSWER_TO_WORRY, NOT_ALLOWED)
