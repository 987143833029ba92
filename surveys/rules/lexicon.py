"""What the words of an answer mean, by language: surveys/rules/words/LANGUAGE.json, one file a language.

A person's own language is heard first, then English, then the others, so that a Polish parent who texts
"yes" is understood and an English one who texts "tak" as well. A word that means something else elsewhere
(Polish "no" is not English "no") is listed under only_here or not_here.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from surveys.model import FALLBACK_LANGUAGE
from surveys.rules.plain_words import Token, tokens, words

LONGEST_PHRASE = 5
LONGEST_NUMBER = 9  # digits; longer is a telephone number or noise


class Meaning(StrEnum):
    """What a word or phrase does in an answer; UNKNOWN is every word that no list holds."""

    YES = "yes"
    NO = "no"
    SKIP = "skip"
    NOT_KNOWN = "not_known"
    COURTESY = "courtesy"
    FILLER = "filler"
    SCORING = "scoring"
    OPINION = "opinion"
    CONNECTIVE = "connective"
    CORRECTION = "correction"
    LINK = "link"
    NUMBER = "number"
    UNKNOWN = "unknown"


_EVERYWHERE = (
    Meaning.YES,
    Meaning.NO,
    Meaning.SKIP,
    Meaning.NOT_KNOWN,
    Meaning.COURTESY,
    Meaning.LINK,
)
_LISTED = tuple(meaning for meaning in Meaning if meaning not in {Meaning.NUMBER, Meaning.UNKNOWN})
Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Sense:
    """A meaning; number is set for NUMBER alone."""

    meaning: Meaning
    number: int | None = None


@dataclass(frozen=True)
class Mark:
    """A stretch of the text with its meaning."""

    sense: Sense
    tokens: tuple[Token, ...]

    @property
    def meaning(self) -> Meaning:
        """The meaning of this stretch."""
        return self.sense.meaning

    @property
    def after(self) -> str:
        """What stands between this stretch and the next."""
        return self.tokens[-1].after


@dataclass(frozen=True)
class Lexicon:
    """All that is needed to hear one language."""

    senses: Mapping[Phrase, Sense]
    marks: tuple[str, ...]
    one_letter_words: frozenset[str]
    opening: frozenset[Phrase]
    definition: frozenset[Phrase]

    def scan(self, text: str) -> tuple[Mark, ...]:
        """Cut a text into stretches, longest known phrase first."""
        heard = tokens(text)
        found: list[Mark] = []
        at = 0
        while at < len(heard):
            mark = self._mark_at(heard, at)
            found.append(mark)
            at += len(mark.tokens)
        return tuple(found)

    def _mark_at(self, heard: tuple[Token, ...], at: int) -> Mark:
        for length in range(min(LONGEST_PHRASE, len(heard) - at), 0, -1):
            stretch = heard[at : at + length]
            sense = self.senses.get(tuple(token.word for token in stretch))
            if sense is not None:
                return Mark(sense, stretch)
        return Mark(_unlisted(heard[at].word), heard[at : at + 1])


def _unlisted(word: str) -> Sense:
    is_number = word.isascii() and word.isdecimal() and len(word) <= LONGEST_NUMBER
    return Sense(Meaning.NUMBER, int(word)) if is_number else Sense(Meaning.UNKNOWN)


@cache
def _file(language: str) -> Mapping[str, Any]:
    source = files("surveys.rules").joinpath("words", f"{language}.json")
    content: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return content


@cache
def spoken_languages() -> tuple[str, ...]:
    """The languages with a word list."""
    names = (entry.name for entry in files("surveys.rules").joinpath("words").iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in names if name.endswith(".json")))


def _phrases(entries: list[str]) -> frozenset[Phrase]:
    return frozenset(words(entry) for entry in entries)


def _senses_of(language: str, meanings: tuple[Meaning, ...]) -> Iterator[tuple[Phrase, Sense]]:
    content = _file(language)
    for meaning in meanings:
        for phrase in _phrases(content[meaning.value]):
            yield phrase, Sense(meaning)
    for word, number in content["numbers"].items():
        yield words(word), Sense(Meaning.NUMBER, number)


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language; a language without a word list is heard as English and the others."""
    own = language if language in spoken_languages() else FALLBACK_LANGUAGE
    content = _file(own)
    senses = dict(_senses_of(own, _LISTED))
    barred = _phrases(content["not_here"])
    for other in (FALLBACK_LANGUAGE, *spoken_languages()):
        kept_home = barred if other == FALLBACK_LANGUAGE else barred | _phrases(_file(other)["only_here"])
        meanings = _LISTED if other == FALLBACK_LANGUAGE else _EVERYWHERE
        for phrase, sense in _senses_of(other, meanings):
            if phrase not in kept_home:
                senses.setdefault(phrase, sense)
    return Lexicon(
        senses=senses,
        marks=tuple(content["marks"]),
        one_letter_words=frozenset(content["one_letter_words"]),
        opening=_phrases(content["opening"]) | _phrases(_file(FALLBACK_LANGUAGE)["opening"]),
        definition=_phrases(content["definition"]) | _phrases(_file(FALLBACK_LANGUAGE)["definition"]),
    )
