from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from channels.inbox.hearing import Disposition, Ending, Heard, Hearer, reply
from channels.model import Status
from channels.queries import MessageCard, messages_to
from fps.actions.directory.answer_ask import Answered, answer_ask
from fps.actions.directory.ask_about_places import ASK
from fps.messages.places import (
    CHANGE,
    CONFIRM,
    MISSING,
    NOTED,
    OVER,
    UNREAD,
    WHICH,
    line_in_words,
    own_places_path,
)
from fps.model.directory import AskedLine
from fps.queries.vacancies import ask_closed_at, asked_lines, newest_ask
from fps.rules.vacancies import Reply, read_reply
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.work import Work
from people.permissions import Permission

_OUT = frozenset({Status.HANDING_OVER, Status.UNKNOWN, Status.SENT, Status.DELIVERED})
_OWN_KEYS = "fps.places_"
_FAMILY_KEYS = ("surveys.", "chatbot.")
_LINK: Mapping[str, object] = MappingProxyType({"link": own_places_path()})


def hear_pressed_places(work: Work, heard: Heard) -> Disposition | None:
    """Take a button or a form of a question about free places.

    A second yes and an older question's press change nothing; a number corrects an answer until the next question.
    """
    if heard.action not in (CONFIRM, CHANGE):
        return None
    ask_id = heard.values.get("value", "")
    if heard.action == CONFIRM:
        return _answer(work, heard, ask_id, Reply(is_yes=True))
    said = read_reply(heard.values.get("numbers", ""), _letters(work, ask_id))
    return _answer(work, heard, ask_id, said or Reply())


def hear_places(work: Work, heard: Heard) -> Disposition | None:
    """Take a text that answers the question about free places, and leave all others alone.

    A bare yes or number counts only in a thread of that question, or where nothing was sent to its writer on this
    channel since: where something else was, they are asked which they mean.
    """
    if heard.action is not None or heard.is_stranger:
        return None
    ask_id = _ask_meant(work, heard)
    said = read_reply(heard.text, _letters(work, ask_id)) if ask_id else None
    if ask_id is None or said is None:
        return None
    if said.is_marked or heard.about is not None:
        return _answer(work, heard, ask_id, said)
    latest = _latest_sent(work, heard)
    if latest is not None and latest.key.startswith(_OWN_KEYS):
        return _answer(work, heard, ask_id, said)
    is_open = ask_closed_at(work.session, ask_id) is None
    if latest is None or latest.key.startswith(_FAMILY_KEYS) or not is_open:
        return None
    reply(work, heard, WHICH, _LINK)
    return Disposition(Ending.ANSWERED, "free places or something else")


def _ask_meant(work: Work, heard: Heard) -> str | None:
    """Return the question that a text may answer: that of its thread, else the newest; None in another thread."""
    if heard.about is None:
        return newest_ask(work.session, heard.person.id)
    return heard.about.id if heard.about.kind == ASK else None


def _letters(work: Work, ask_id: str) -> Sequence[str]:
    lines = asked_lines(work.session, ask_id)
    still_open = [line.letter for line in lines if not line.is_answered]
    return still_open or [line.letter for line in lines] or ["A"]


def _latest_sent(work: Work, heard: Heard) -> MessageCard | None:
    """Return the message that somebody has read last on this channel, as far as we can know."""
    sent = (
        one
        for one in messages_to(work.session, heard.person.id, limit=50)
        if one.status in _OUT and one.channel == heard.channel
    )
    return next(sent, None)


def _answer(work: Work, heard: Heard, ask_id: str, said: Reply) -> Disposition:
    try:
        with work.session.begin_nested():
            answered = answer_ask(work, heard.person, ask_id, said, heard.channel)
    except (NotFoundError, ConflictError):
        reply(work, heard, OVER, _LINK)
        return Disposition(Ending.ANSWERED, "the question is over, or not this person's")
    except InvalidInputError:
        lines = asked_lines(work.session, ask_id)
        waiting = [line for line in lines if not line.is_answered]
        reply(work, heard, UNREAD, {"lines": _in_words(work, heard, waiting or lines), **_LINK})
        return Disposition(Ending.ANSWERED, "not a number of places")
    return _thank(work, heard, answered)


def _thank(work: Work, heard: Heard, answered: Answered) -> Disposition:
    if answered.noted:
        reply(work, heard, NOTED, {"lines": _in_words(work, heard, answered.noted), **_LINK})
    if answered.missing:
        reply(work, heard, MISSING, {"lines": _in_words(work, heard, answered.missing), **_LINK})
    return Disposition(Ending.RECORDED, f"free places of {len(answered.noted)}")


def _in_words(work: Work, heard: Heard, lines: Sequence[AskedLine]) -> list[str]:
    return [line_in_words(work, line, heard.person.language) for line in lines]


HEARERS: tuple[Hearer, ...] = (hear_pressed_places, hear_places)
ACTIONS: Mapping[str, Permission] = MappingProxyType(
    {CONFIRM: Permission.SETTINGS_OWN, CHANGE: Permission.SETTINGS_OWN}
)
"""What each button and form of the register's messages asks for; whose question it is, answer_ask says."""
