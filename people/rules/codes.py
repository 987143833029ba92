"""Codes that prove a contact point: how they are judged, and how many may be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from kernel.errors import TooManyError
from kernel.translation import Phrase, say

LASTS = timedelta(minutes=15)
MOST_TRIES = 5
WINDOW = timedelta(hours=1)
MOST_AT_ONE_ADDRESS = 5
MOST_BY_ONE_ASKER = 20

_TOO_MANY = say("people.code_too_many", "Too many codes were asked for. Try again in an hour.")


class Refusal(Enum):
    """Why a code was not taken, in words for the page."""

    NONE_OPEN = say("people.code_none", "No code is waiting for this. Ask for a new one.")
    RUN_OUT = say("people.code_run_out", "That code has run out. Ask for a new one.")
    TOO_OFTEN = say("people.code_too_often", "That was wrong too often. Ask for a new code.")
    WRONG = say("people.code_wrong", "That is not the code that we sent. Look again, it has 6 digits.")

    @property
    def sentence(self) -> Phrase:
        """Return what the page says."""
        return self.value


@dataclass(frozen=True)
class OpenCheck:
    """A code that is out, as far as the rule needs it."""

    expires_at: datetime
    tries: int


def judge(check: OpenCheck | None, now: datetime, *, is_right: bool) -> Refusal | None:
    """Say why a typed code is refused, None if it is taken: 5 tries, 15 minutes."""
    if check is None:
        return Refusal.NONE_OPEN
    if check.expires_at <= now:
        return Refusal.RUN_OUT
    if check.tries >= MOST_TRIES:
        return Refusal.TOO_OFTEN
    return None if is_right else Refusal.WRONG


def check_rate(at_the_address: int, by_the_asker: int) -> None:
    """Refuse one code more than is fair within an hour: nobody's phone is flooded through us. Raises TooManyError."""
    if at_the_address >= MOST_AT_ONE_ADDRESS or by_the_asker >= MOST_BY_ONE_ASKER:
        raise TooManyError(_TOO_MANY)


def digits_of(typed: str) -> str:
    """Return the digits of what was typed: people add spaces and dashes."""
    return "".join(letter for letter in typed if letter.isdecimal() and letter.isascii())
