"""Free places: what may be told, when it is asked for, how long it holds, and what a reply to the question means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from fps.rules.profiles import sign_of_a_child
from kernel.calendar import add_working_days, london_date, next_working_day
from kernel.errors import InvalidInputError

MOST_PLACES = 500
LONGEST_NOTE = 200
FRESH_D = 42
"""For how many days a confirmation holds [own]; after these the page says that it was not confirmed since."""
REMIND_AFTER_WD = 5
_AHEAD = timedelta(days=730)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_LINES = len(_LETTERS)

_YES = re.compile(
    r"(?:yes|y|yep|yeah|ok|okay|correct|same|all right|still right|no change|tak|haan|jee|جی|ہاں|جی ہاں)[.!۔]*",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"(?:places?|vacanc(?:y|ies)|miejsca)\b[:\s]*", re.IGNORECASE)
_NUMBER = re.compile(r"(?:now |yes[, ]+|no[, ]+)?(\d{1,6})(?: places?)?(?: now)?[.!]*", re.IGNORECASE)
_FIGURES = re.compile(r"(?:[a-z]|[a-z]?\d{1,6})(?:[ ,;:.=\n-]+(?:[a-z]|[a-z]?\d{1,6}))*|", re.IGNORECASE)
_LINES = re.compile(r"(?:[a-z][ :=-]{0,3}\d{1,6}[,;. \n]*)+", re.IGNORECASE)
_LINE = re.compile(r"([a-z])[ :=-]{0,3}(\d{1,6})", re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """Free places as a provider tells them: now, and how many more are expected from a day."""

    places: int
    expected_places: int | None = None
    expected_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Reply:
    """What a reply to the monthly question says: all is right, or these numbers by letter.

    `is_marked` where it says itself that it is about places, so that it can answer nothing else.
    """

    is_yes: bool = False
    numbers: Mapping[str, int] = field(default_factory=dict)
    is_marked: bool = False


def check_told(told: Told, today: date) -> None:
    """Raise InvalidInputError for numbers, days and notes that cannot be."""
    _check_number("places", told.places, 0)
    if told.expected_places is not None:
        _check_number("expected_places", told.expected_places, 1)
    if (told.expected_places is None) != (told.expected_on is None):
        raise InvalidInputError("expected_on", "Say both how many places you expect and from which day, or neither.")
    if told.expected_on is not None and not today < told.expected_on <= today + _AHEAD:
        raise InvalidInputError("expected_on", "Enter a day within the next two years.")
    if len(told.note) > LONGEST_NOTE:
        raise InvalidInputError("note", "Shorten this to {longest} characters or fewer.", longest=LONGEST_NOTE)
    if sign := sign_of_a_child(told.note):
        raise InvalidInputError(
            "note", "This looks as if it holds {sign}. Take out what could tell who a child is.", sign=sign
        )


def _check_number(field_name: str, number: int, least: int) -> None:
    if not least <= number <= MOST_PLACES:
        raise InvalidInputError(
            field_name, "Enter a whole number from {least} to {most}.", least=least, most=MOST_PLACES
        )


def check_band(age_from: int, age_to: int, registered: tuple[int, int]) -> None:
    """Raise InvalidInputError unless the ages are in order and within those for which the setting is registered."""
    if not registered[0] <= age_from <= age_to <= registered[1]:
        raise InvalidInputError(
            "age_from",
            "Enter ages from {first} to {last}, the younger one first: the school is registered for these.",
            first=registered[0],
            last=registered[1],
        )


def is_fresh(confirmed_at: datetime | None, today: date) -> bool:
    """Tell whether a confirmation still holds: for six weeks."""
    return confirmed_at is not None and (today - london_date(confirmed_at)).days <= FRESH_D


def month_to_ask(today: date) -> date | None:
    """Return the month (its first day) whose question is due, from its first working day on; None before."""
    month = today.replace(day=1)
    return month if today >= next_working_day(month) else None


def is_told_in(confirmed_at: datetime | None, month: date) -> bool:
    """Tell whether a number was confirmed in a month (its first day) or later, so that it need not be asked for."""
    return confirmed_at is not None and london_date(confirmed_at) >= month


def is_reminder_due(asked_at: datetime, today: date) -> bool:
    """Tell whether five working days have passed since the question."""
    return today >= add_working_days(london_date(asked_at), REMIND_AFTER_WD)


def letter_of(number: int) -> str:
    """Return the letter of a question's line; lines are numbered from 0."""
    return _LETTERS[number]


def band_title(band: tuple[str, int, int], lot: str = "", framework: str = "") -> str:
    """Return how a question names the band of a setting, with its lot and framework where it has several."""
    name, age_from, age_to = band
    return ", ".join(part for part in (name, framework, lot, f"ages {age_from} to {age_to}") if part)


def read_reply(text: str, letters: Sequence[str]) -> Reply | None:
    """Return what a text says in answer to a question with these letters, or None where it is no answer to it.

    A bare number answers a question of one line alone; `A 2, B 0` names the lines. Never reads a number into other
    words: whatever it does not know whole is left to a person, also where it begins with the word places. That word
    and figures that fit nothing are an answer that cannot be: its writer is asked again.
    """
    said = text.strip()
    prefix = _PREFIX.match(said)
    rest = said[prefix.end() :].strip() if prefix else said
    is_marked = prefix is not None
    if _YES.fullmatch(rest):
        return Reply(is_yes=True, is_marked=is_marked)
    if number := _NUMBER.fullmatch(rest):
        return Reply(numbers={letters[0] if len(letters) == 1 else "": int(number[1])}, is_marked=is_marked)
    if _LINES.fullmatch(rest):
        return _by_letter(rest, is_marked=is_marked)
    return Reply(is_marked=True) if is_marked and _FIGURES.fullmatch(rest.strip(".,;:!? \n")) else None


def _by_letter(text: str, *, is_marked: bool) -> Reply:
    pairs = [(letter.upper(), int(number)) for letter, number in _LINE.findall(text)]
    numbers = dict(pairs)
    return Reply(numbers=numbers if len(numbers) == len(pairs) else {"": 0}, is_marked=is_marked)
