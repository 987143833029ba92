from __future__ import annotations

from datetime import timedelta

from channels.wording import Kind, MessageType, Policy
from fps.model.rounds import RoundCard, SessionCard
from kernel.translation import say

CONFIRM_WITHIN = timedelta(days=7)
_NEWS = Policy(solicited=True)
_ROUND = {"round": Kind.TEXT, "link": Kind.LINK}
_CLOSING = {**_ROUND, "closes": Kind.MOMENT}
_SESSION = {"session": Kind.TEXT, "begins": Kind.MOMENT, "where": Kind.TEXT, "link": Kind.GRANT}

CONFIRM = MessageType(
    key="fps.round_confirm",
    values={"round": Kind.TEXT, "link": Kind.GRANT},
    title=say("fps.round_confirm.title", "Confirm your email address"),
    text=say(
        "fps.round_confirm.text",
        "Somebody gave us this address to take part in {round}. If it was you, confirm it:\n\n{link}\n\n"
        "Keep this message. The same link opens your page for this round.\n\n"
        "The link can be confirmed for 7 days. If it was not you, do nothing: then we forget the address.",
    ),
    short=say("fps.round_confirm.short", "Confirm that you want to take part in {round}: {link}"),
    policy=Policy(solicited=True, mind_quiet_hours=False, expires_after=CONFIRM_WITHIN),
)
CHANGED = MessageType(
    key="fps.round_changed",
    values=_CLOSING,
    title=say("fps.round_changed.title", "Changed: {round}"),
    text=say(
        "fps.round_changed.text",
        "{round} has changed. It closes on {closes}, London time.\n\nRead what changed:\n\n{link}\n\n"
        "Everybody who takes part gets this message at the same time.",
    ),
    short=say("fps.round_changed.short", "{round} has changed. It closes on {closes}. See {link}"),
    policy=_NEWS,
)
CANCELLED = MessageType(
    key="fps.round_cancelled",
    values={**_ROUND, "reason": Kind.TEXT},
    title=say("fps.round_cancelled.title", "Cancelled: {round}"),
    text=say(
        "fps.round_cancelled.text",
        "{round} is cancelled. You do not need to do anything.\n\nThe reason: {reason}\n\n{link}",
    ),
    short=say("fps.round_cancelled.short", "{round} is cancelled. The reason: {link}"),
    policy=_NEWS,
)
OPENED = MessageType(
    key="fps.round_opened",
    values=_CLOSING,
    title=say("fps.round_opened.title", "Open now: {round}"),
    text=say(
        "fps.round_opened.text",
        "{round} is open. You can apply until {closes}, London time.\n\nRead the advert and apply:\n\n{link}",
    ),
    short=say("fps.round_opened.short", "{round} is open until {closes}. Apply: {link}"),
    policy=_NEWS,
)
CLOSES_SOON = MessageType(
    key="fps.round_closes_soon",
    values=_CLOSING,
    title=say("fps.round_closes_soon.title", "Closes soon: {round}"),
    text=say(
        "fps.round_closes_soon.text",
        "{round} closes on {closes}, London time. An application that comes later is not taken, not even by a "
        "second.\n\n{link}\n\nIf you have sent your application already, you do not need to do anything.",
    ),
    short=say("fps.round_closes_soon.short", "{round} closes on {closes}. Later is too late: {link}"),
    policy=_NEWS,
)
ANSWERED = MessageType(
    key="fps.round_answered",
    values=_ROUND,
    title=say("fps.round_answered.title", "New answer: {round}"),
    text=say(
        "fps.round_answered.text",
        "A question about {round} has been answered. Everybody gets the answer at the same time.\n\nRead it:\n\n{link}",
    ),
    short=say("fps.round_answered.short", "A question about {round} has been answered: {link}"),
    policy=_NEWS,
)
QUESTION_ASKED = MessageType(
    key="fps.round_question_asked",
    values=_ROUND,
    title=say("fps.round_question_asked.title", "A question to answer: {round}"),
    text=say(
        "fps.round_question_asked.text",
        "A provider has asked a question about {round}. Answer it here. We do not say who asked.\n\n{link}",
    ),
    short=say("fps.round_question_asked.short", "A question about {round} waits for your answer: {link}"),
    policy=Policy(solicited=True, needs_action=True),
)
SET_ASIDE = MessageType(
    key="fps.round_set_aside",
    values={**_ROUND, "reason": Kind.TEXT},
    title=say("fps.round_set_aside.title", "Your question: {round}"),
    text=say(
        "fps.round_set_aside.text",
        "Your question about {round} will not be answered in public. The reason: {reason}\n\n"
        "You can ask in other words while questions are open.\n\n{link}",
    ),
    short=say(
        "fps.round_set_aside.short", "Your question about {round} was not answered. See your email or ask again: {link}"
    ),
    policy=_NEWS,
)
BOOKED = MessageType(
    key="fps.session_booked",
    values=_SESSION,
    title=say("fps.session_booked.title", "Your place: {session}"),
    text=say(
        "fps.session_booked.text",
        "You have a place at {session}.\n\nWhen: {begins}, London time\n\nWhere: {where}\n\n"
        "If you cannot come, give your place to somebody else:\n\n{link}",
    ),
    short=say("fps.session_booked.short", "You have a place at {session}: {begins}. Cannot come? {link}"),
    policy=_NEWS,
)
MOVED = MessageType(
    key="fps.session_moved",
    values=_SESSION,
    title=say("fps.session_moved.title", "Changed: {session}"),
    text=say(
        "fps.session_moved.text",
        "{session} has changed. You keep your place.\n\nWhen: {begins}, London time\n\nWhere: {where}\n\n"
        "If you cannot come, give your place to somebody else:\n\n{link}",
    ),
    short=say("fps.session_moved.short", "{session} has changed. It is now: {begins}. Cannot come? {link}"),
    policy=_NEWS,
)
REMINDER = MessageType(
    key="fps.session_reminder",
    values=_SESSION,
    title=say("fps.session_reminder.title", "Soon: {session}"),
    text=say(
        "fps.session_reminder.text",
        "You have a place at {session}.\n\nWhen: {begins}, London time\n\nWhere: {where}\n\n"
        "If you cannot come, give your place to somebody else:\n\n{link}",
    ),
    short=say("fps.session_reminder.short", "Soon: {session}, {begins}. Cannot come? {link}"),
    policy=_NEWS,
)
CALLED_OFF = MessageType(
    key="fps.session_called_off",
    values={"session": Kind.TEXT, "begins": Kind.MOMENT, "reason": Kind.TEXT},
    title=say("fps.session_called_off.title", "Cancelled: {session}"),
    text=say(
        "fps.session_called_off.text",
        "{session} on {begins} is cancelled. The reason: {reason}\n\nThe attached note takes it out of your calendar.",
    ),
    short=say("fps.session_called_off.short", "{session} on {begins} is cancelled."),
    policy=_NEWS,
)

ROUND_MESSAGES = (
    CONFIRM,
    CHANGED,
    CANCELLED,
    OPENED,
    CLOSES_SOON,
    ANSWERED,
    QUESTION_ASKED,
    SET_ASIDE,
    BOOKED,
    MOVED,
    REMINDER,
    CALLED_OFF,
)


def public_path(round_id: str) -> str:
    """Return the path of a round's public page."""
    return f"/joining/{round_id}"


def round_values(card: RoundCard) -> dict[str, object]:
    """Return the values of a message that says when a round closes."""
    return {**news_values(card), "closes": card.closes_at.isoformat()}


def news_values(card: RoundCard) -> dict[str, object]:
    """Return the values of a message that names a round."""
    return {"round": card.title, "link": public_path(card.id)}


def cancelled_values(card: RoundCard, reason: str) -> dict[str, object]:
    """Return the values of a cancellation."""
    return {**news_values(card), "reason": reason}


def session_values(card: SessionCard, grant_id: str) -> dict[str, object]:
    """Return the values of a message to somebody who has a place in a session."""
    return {
        "session": card.title,
        "begins": card.starts_at.isoformat(),
        "where": "\n".join(filter(None, (card.place, card.link))),
        "link": grant_id,
    }


def question_path(round_id: str) -> str:
    """Return the path of the page on which the lead authority answers questions."""
    return f"/register/rounds/{round_id}/questions"
