"""How a decline by a reply is read: a word for no, the reference, the number of the reason or a word of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from referrals.model.answers import DeclineCode

CODES: tuple[DeclineCode, ...] = tuple(code for code in DeclineCode if code is not DeclineCode.OTHER)
"""In the order of the numbers by which a reply names them; any other reason needs words, which only the page takes."""

_NO = re.compile(r"\s*(?:no|decline[ds]?|nie|نہیں)\b[\s,.:;-]*(?P<rest>.*)", re.IGNORECASE)
_REFERENCE = re.compile(r"\bR-(?P<letters>[2-9BCDFGHJKMNPQRSTVWXZ]{6})\b", re.IGNORECASE)
_BARE = re.compile(r"(?P<letters>[2-9BCDFGHJKMNPQRSTVWXZ]{6})\b", re.IGNORECASE)
_WORDS: Mapping[DeclineCode, tuple[str, ...]] = MappingProxyType(
    {
        DeclineCode.NO_PLACE: ("no place", "no places", "no space", "full", "we are full"),
        DeclineCode.PEER_MIX: ("mix", "mix of learners", "peer mix", "peers"),
        DeclineCode.NEED_NOT_MET: ("need", "needs", "need not met", "cannot meet need"),
        DeclineCode.STAFFING: ("staff", "staffing", "no staff"),
        DeclineCode.DISTANCE: ("far", "too far", "distance"),
    }
)


@dataclass(frozen=True)
class NoSaid:
    """A reply that says no; `reference` and `code` are None where it does not name one, or names two reasons."""

    reference: str | None
    code: DeclineCode | None


def read_no(text: str) -> NoSaid | None:
    """Return what a reply declines, None where its first line does not begin with a word for no.

    Only the first line counts: mail programs send along what was answered.
    """
    lines = text.strip().splitlines()
    said = _NO.fullmatch(lines[0].strip()) if lines else None
    if said is None:
        return None
    rest = said["rest"]
    named = _REFERENCE.search(rest) or _BARE.match(rest)
    if named is not None:
        rest = rest[: named.start()] + " " + rest[named.end() :]
    return NoSaid(f"R-{named['letters'].upper()}" if named else None, _code(rest))


def _code(rest: str) -> DeclineCode | None:
    """Read a number, a phrase, or a number with its phrase, and nothing around them: a sentence decides nothing."""
    words = re.sub(r"[^\w ]+", " ", rest.lower()).split()
    number = words.pop(0) if words and words[0].isdecimal() else None
    said = {code for code, phrases in _WORDS.items() if " ".join(words) in phrases}
    if words and not said:
        return None
    if number is not None:
        said |= {CODES[int(number) - 1]} if 0 < int(number) <= len(CODES) else set(CODES)
    return said.pop() if len(said) == 1 else None
