from __future__ import annotations

from channels.wording import Button, Field, Form, Kind, MessageType, Policy
from fps.model.directory import AskedLine
from kernel.translation import say
from kernel.work import Work

CONFIRM = "fps.confirm_places"
CHANGE = "fps.change_places"
_ASKED = Policy(solicited=True, needs_action=True)
_ANSWER = Policy(solicited=True, mind_quiet_hours=False)

_YES = Button(CONFIRM, say("fps.places.yes", "Yes, all is right"), "ask")
_CHANGED = Button(
    CHANGE,
    say("fps.places.changed", "Tell the number"),
    "ask",
    Form(
        CHANGE,
        say("fps.places.form", "Free places now"),
        (Field("numbers", say("fps.places.numbers", "The number; for several groups like A 2, B 0")),),
    ),
)

ASK_ONE = MessageType(
    key="fps.places_ask_one",
    values={"setting": Kind.TEXT, "number": Kind.COUNT, "ask": Kind.TEXT, "link": Kind.LINK},
    title=say("fps.places_ask_one.title", "Free places at {setting}: still {number}?"),
    text=say(
        "fps.places_ask_one.text",
        "Free places at {setting}, as you last told us: {number}. Is that still right?\n\n"
        "Reply YES, or reply with the number that is free now, like 2. You can also do it here: {link}\n\n"
        "Families and councils see the number with the day on which you confirmed it.",
    ),
    short=say(
        "fps.places_ask_one.short",
        "Free places at {setting}: still {number}? Reply YES, or the number free now, like 2. Or: {link}",
    ),
    policy=_ASKED,
    buttons=(_YES, _CHANGED),
)

ASK_FIRST = MessageType(
    key="fps.places_ask_first",
    values={"setting": Kind.TEXT, "ask": Kind.TEXT, "link": Kind.LINK},
    title=say("fps.places_ask_first.title", "How many places are free at {setting}?"),
    text=say(
        "fps.places_ask_first.text",
        "How many places are free at {setting} now?\n\n"
        "Reply with the number, like 2, or with 0. You can also do it here: {link}\n\n"
        "Families and councils see the number with the day on which you told us.",
    ),
    short=say(
        "fps.places_ask_first.short",
        "How many places are free at {setting} now? Reply with the number, like 2. Or: {link}",
    ),
    policy=_ASKED,
    buttons=(_CHANGED,),
)

ASK_MANY = MessageType(
    key="fps.places_ask_many",
    values={"lines": Kind.LINES, "ask": Kind.TEXT, "link": Kind.LINK},
    title=say("fps.places_ask_many.title", "Your free places: still right?"),
    text=say(
        "fps.places_ask_many.text",
        "These are your free places as you last told us:\n\n{lines}\n\n"
        "Reply YES if all is right. If not, reply with the letter and the number of each that has changed, "
        "like A 2, B 0. You can also do it here: {link}\n\n"
        "Families and councils see the numbers with the day on which you confirmed them.",
    ),
    short=say(
        "fps.places_ask_many.short",
        "Your free places:\n{lines}\nReply YES if right, or what changed, like A 2, B 0. Or: {link}",
    ),
    policy=_ASKED,
    buttons=(_YES, _CHANGED),
)

REMINDER = MessageType(
    key="fps.places_reminder",
    values={"lines": Kind.LINES, "ask": Kind.TEXT, "link": Kind.LINK},
    title=say("fps.places_reminder.title", "Reminder: your free places"),
    text=say(
        "fps.places_reminder.text",
        "We have not heard from you about your free places yet:\n\n{lines}\n\n"
        "Reply YES if all is right. If not, reply with the letter and the number of each that has changed, "
        "like A 2, B 0. You can also do it here: {link}",
    ),
    short=say(
        "fps.places_reminder.short",
        "Reminder, your free places:\n{lines}\nReply YES if right, or what changed, like A 2, B 0. Or: {link}",
    ),
    policy=_ASKED,
    buttons=(_YES, _CHANGED),
)

NOTED = MessageType(
    key="fps.places_noted",
    values={"lines": Kind.LINES, "link": Kind.LINK},
    title=say("fps.places_noted.title", "Your free places are noted"),
    text=say(
        "fps.places_noted.text",
        "Thank you. These free places are noted as of today:\n\n{lines}\n\nChange them at any time: {link}",
    ),
    short=say("fps.places_noted.short", "Thank you. Noted:\n{lines}\nChange: {link}"),
    policy=_ANSWER,
)

MISSING = MessageType(
    key="fps.places_missing",
    values={"lines": Kind.LINES, "link": Kind.LINK},
    title=say("fps.places_missing.title", "One more number, please"),
    text=say(
        "fps.places_missing.text",
        "Thank you. For these we need a number: reply with the letter and the number, like A 2.\n\n{lines}\n\n"
        "You can also do it here: {link}",
    ),
    short=say("fps.places_missing.short", "We need a number for:\n{lines}\nReply like A 2. Or: {link}"),
    policy=_ANSWER,
)

UNREAD = MessageType(
    key="fps.places_unread",
    values={"lines": Kind.LINES, "link": Kind.LINK},
    title=say("fps.places_unread.title", "We could not read the number of places"),
    text=say(
        "fps.places_unread.text",
        "We could not read your answer, so nothing was changed. These are the free places that we ask about:\n\n"
        "{lines}\n\n"
        "Reply YES if all is right, or with the letter and the number of each that has changed, like A 2. "
        "You can also do it here: {link}",
    ),
    short=say(
        "fps.places_unread.short",
        "We could not read that. Nothing was changed.\n{lines}\nReply YES, or like A 2. Or: {link}",
    ),
    policy=_ANSWER,
)

WHICH = MessageType(
    key="fps.places_which",
    values={"link": Kind.LINK},
    title=say("fps.places_which.title", "Did you mean your free places?"),
    text=say(
        "fps.places_which.text",
        "We have asked you more than one thing, so nothing was changed. If you mean your free places, "
        "reply PLACES YES, or PLACES and what has changed. You can also do it here: {link}",
    ),
    short=say(
        "fps.places_which.short",
        "Do you mean your free places? Then reply PLACES YES, or PLACES and the number. Or: {link}",
    ),
    policy=_ANSWER,
)

OVER = MessageType(
    key="fps.places_over",
    values={"link": Kind.LINK},
    title=say("fps.places_over.title", "That question is already answered"),
    text=say(
        "fps.places_over.text",
        "That question about free places is already answered, or a newer one has come. Nothing was changed. "
        "See your free places and change them here: {link}",
    ),
    short=say(
        "fps.places_over.short", "That question about free places is over. Nothing was changed. See them: {link}"
    ),
    policy=_ANSWER,
)

MESSAGES = (ASK_ONE, ASK_FIRST, ASK_MANY, REMINDER, NOTED, MISSING, UNREAD, WHICH, OVER)

_LINE = say("fps.places.line", "{letter}: {title}: {number}")
_UNKNOWN = say("fps.places.unknown", "{letter}: {title}: number not known")


def line_in_words(work: Work, line: AskedLine, language: str) -> str:
    """Return a line of a question in a language."""
    phrase = work.translations.phrase
    if line.places is None:
        return phrase(_UNKNOWN, language, letter=line.letter, title=line.title)
    return phrase(_LINE, language, letter=line.letter, title=line.title, number=line.places)


def own_places_path() -> str:
    """Return the path of the page on which a provider sees and changes its free places."""
    return "/my-settings/places"
