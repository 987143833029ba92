from __future__ import annotations

from channels.model import Urgency
from channels.wording import Kind, MessageType, Policy
from kernel.translation import say

_WORK = Policy(solicited=True)
_TO_DO = Policy(solicited=True, needs_action=True)

RECEIPT = MessageType(
    key="fps.application_receipt",
    values={"round": Kind.TEXT, "received": Kind.TEXT, "closes": Kind.MOMENT, "checksum": Kind.TEXT, "link": Kind.LINK},
    title=say("fps.application_receipt.title", "We have your application: {round}"),
    text=say(
        "fps.application_receipt.text",
        "We received your application to join: {round}.\n\n"
        "Received: {received}\n\n"
        "Checksum: {checksum}\n\n"
        "No council reads it before {closes}. Until then you can change it and send it again: {link}",
    ),
    short=say(
        "fps.application_receipt.short",
        "We received your application on {received}. You can change it until {closes}: {link}",
    ),
    policy=Policy(solicited=True, urgency=Urgency.URGENT, mind_quiet_hours=False),
)

QUESTION = MessageType(
    key="fps.application_question",
    values={"round": Kind.TEXT, "due": Kind.DATE, "link": Kind.LINK},
    title=say("fps.application_question.title", "A question about your application: {round}"),
    text=say(
        "fps.application_question.text",
        "The councils have a question about your application: {round}.\n\n"
        "Please answer by the end of {due}. Sign in to read it and to answer: {link}",
    ),
    short=say("fps.application_question.short", "A question about your application. Please answer by {due}: {link}"),
    policy=_TO_DO,
)

ANSWERED = MessageType(
    key="fps.application_answered",
    values={"provider": Kind.TEXT, "round": Kind.TEXT, "link": Kind.LINK},
    title=say("fps.application_answered.title", "{provider} has answered your question"),
    text=say(
        "fps.application_answered.text",
        "{provider} has answered your question about its application: {round}.\n\nRead the answer: {link}",
    ),
    short=say("fps.application_answered.short", "{provider} has answered your question: {link}"),
    policy=_WORK,
)

TO_EVALUATE = MessageType(
    key="fps.application_to_evaluate",
    values={"round": Kind.TEXT, "count": Kind.COUNT, "decide_by": Kind.DATE, "link": Kind.LINK},
    title=say("fps.application_to_evaluate.title", "Applications to evaluate: {round}"),
    text=say(
        "fps.application_to_evaluate.text",
        "You are asked to evaluate applications to join: {round}.\n\n"
        "Number of applications: {count}\n\n"
        "The decision is due by {decide_by}. Say first whether you have a conflict of interest: {link}",
    ),
    short=say(
        "fps.application_to_evaluate.short", "Applications to evaluate: {count}. Decision due by {decide_by}: {link}"
    ),
    policy=_TO_DO,
)

EVALUATE_REMINDER = MessageType(
    key="fps.application_evaluate_reminder",
    values={"round": Kind.TEXT, "count": Kind.COUNT, "decide_by": Kind.DATE, "link": Kind.LINK},
    title=say("fps.application_evaluate_reminder.title", "Reminder: applications to evaluate, {round}"),
    text=say(
        "fps.application_evaluate_reminder.text",
        "Applications that wait for your evaluation: {count}\n\n"
        "Round: {round}\n\n"
        "The decision is due by {decide_by}. No decision can be taken before all evaluators have finished: {link}",
    ),
    short=say(
        "fps.application_evaluate_reminder.short",
        "Reminder: applications that wait for your evaluation: {count}. Due by {decide_by}: {link}",
    ),
    policy=_TO_DO,
)

DECIDED = MessageType(
    key="fps.application_decided",
    values={"round": Kind.TEXT, "link": Kind.LINK},
    title=say("fps.application_decided.title", "The decision on your application: {round}"),
    text=say(
        "fps.application_decided.text",
        "The councils have decided on the applications to join: {round}.\n\n"
        "Sign in to read your decision letter, with the reasons and what happens next: {link}",
    ),
    short=say("fps.application_decided.short", "The decision on your application is ready. Sign in to read it: {link}"),
    policy=_WORK,
)

LISTED = MessageType(
    key="fps.list_published",
    values={"framework": Kind.TEXT, "round": Kind.TEXT, "count": Kind.COUNT, "link": Kind.LINK},
    title=say("fps.list_published.title", "New settings on the list: {round}"),
    text=say(
        "fps.list_published.text",
        "The list of {framework} has grown.\n\n"
        "Round: {round}\n\n"
        "Settings that joined: {count}\n\n"
        "See which settings joined, and on which lots: {link}",
    ),
    short=say("fps.list_published.short", "{round}: settings that joined the list: {count}. See {link}"),
    policy=_WORK,
)
MESSAGES: tuple[MessageType, ...] = (RECEIPT, QUESTION, ANSWERED, TO_EVALUATE, EVALUATE_REMINDER, DECIDED, LISTED)
