from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from channels.rules.phrases import Phrasebook, parse_phrase
from channels.rules.plain_words import Word, fold, undisguised, words_of

_LANGUAGES = ("en", "pl", "ur")
_FORGIVEN_FOR_ALL = "en"  # young people of every home language text in English
_HARMLESS = "harmless"


class WorryKind(StrEnum):
    """What a worrying text is about, the gravest first."""

    SUICIDE = "suicide"
    SELF_HARM = "self_harm"
    DANGER = "danger"
    SEXUAL = "sexual"
    VIOLENCE = "violence"
    HELD = "held"
    ABUSE = "abuse"
    MISSING = "missing"
    NEGLECT = "neglect"
    FEAR = "fear"


@dataclass(frozen=True, slots=True)
class Worry:
    """A worry found in a text: the gravest kind, and all words that raised it, as written and in their order.

    The words are for the duty officer alone: they are personal data and belong in no log.
    """

    kind: WorryKind
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Lists:
    """The word lists of one language, ready to use."""

    forgiving: Phrasebook
    strict: Phrasebook
    harmless: Phrasebook
    alone: dict[str, WorryKind]


def worry_in(text: str, language: str) -> Worry | None:
    """Say what is worrying in a text, or None (V9): the flag step that every inbound text passes first.

    Recall goes before precision: the lists of all languages are read, whatever the person's own is, because
    families write in several; misspellings are forgiven in English and in `language`. Signs that stand for letters,
    letters spelled out and drawn out do not hide a word. Time grows with the length of the text alone.
    Never raises. It decides nothing: a person reads what it finds, and also what it does not (V9 e).
    """
    found: list[tuple[WorryKind, str]] = []
    for reading in dict.fromkeys((text, undisguised(text))):
        words = words_of(reading)
        for kind, first, last in _worries(words, language):
            found.append((kind, text[words[first].start : words[last].end]))
    if not found:
        return None
    gravest = min((kind for kind, _ in found), key=list(WorryKind).index)
    return Worry(gravest, tuple(dict.fromkeys(piece for _, piece in found)))


def _worries(words: Sequence[Word], language: str) -> Iterator[tuple[WorryKind, int, int]]:
    plain = [word.plain for word in words]
    whole = " ".join(plain)
    left = _without_harmless(plain)
    for code in _LANGUAGES:
        lists = _lists(code)
        if whole in lists.alone:
            yield lists.alone[whole], 0, len(words) - 1
        is_forgiven = code in (language, _FORGIVEN_FOR_ALL)
        book = lists.forgiving if is_forgiven else lists.strict
        for found in book.find(left):
            yield WorryKind(found.label), found.first, found.last


def _without_harmless(plain: Sequence[str]) -> list[str]:
    """Blank out the words of harmless phrases, so that nothing is found in them or across them."""
    left = list(plain)
    for code in _LANGUAGES:
        for found in _lists(code).harmless.find(plain):
            left[found.first : found.last + 1] = [""] * (found.last + 1 - found.first)
    return left


@cache
def _lists(language: str) -> _Lists:
    source = files("channels.rules").joinpath("worry_words", f"{language}.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomllib.loads(source)
    sets: dict[str, str] = data["sets"]
    worries = [(WorryKind(kind), parse_phrase(text, sets)) for kind, texts in data["worries"].items() for text in texts]
    harmless = [(_HARMLESS, parse_phrase(text, sets)) for text in data["harmless"]["phrases"]]
    return _Lists(
        forgiving=Phrasebook(worries, data["slips"]["words"].split(), data["ordinary"]["words"].split()),
        strict=Phrasebook(worries),
        harmless=Phrasebook(harmless),
        alone={fold(text): WorryKind(kind) for kind, texts in data["alone"].items() for text in texts},
    )
