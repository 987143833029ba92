from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

# Letters that Unicode does not take apart, or that one language writes in several ways on different keyboards:
# Urdu typed on an Arabic keyboard differs in kaf, yeh and heh, and do-chashmi heh and heh are mixed up everywhere.
_SAME_LETTER = str.maketrans(
    {
        "\N{LATIN SMALL LETTER L WITH STROKE}": "l",
        "\N{LATIN SMALL LETTER O WITH STROKE}": "o",
        "\N{LATIN SMALL LETTER D WITH STROKE}": "d",
        "\N{ARABIC LETTER YEH}": "\N{ARABIC LETTER FARSI YEH}",
        "\N{ARABIC LETTER ALEF MAKSURA}": "\N{ARABIC LETTER FARSI YEH}",
        "\N{ARABIC LETTER KAF}": "\N{ARABIC LETTER KEHEH}",
        "\N{ARABIC LETTER HEH}": "\N{ARABIC LETTER HEH GOAL}",
        "\N{ARABIC LETTER HEH DOACHASHMEE}": "\N{ARABIC LETTER HEH GOAL}",
        "\N{ARABIC LETTER TEH MARBUTA}": "\N{ARABIC LETTER HEH GOAL}",
        "\N{ARABIC LETTER TEH MARBUTA GOAL}": "\N{ARABIC LETTER HEH GOAL}",
        "\N{ARABIC LETTER AE}": "\N{ARABIC LETTER HEH GOAL}",
        "\N{ARABIC LETTER NOON GHUNNA}": "\N{ARABIC LETTER NOON}",
        "\N{ARABIC LETTER ALEF WASLA}": "\N{ARABIC LETTER ALEF}",
    }
)
_INSIDE_WORDS = frozenset(
    "'`"
    "\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}\N{ACUTE ACCENT}"
    "\N{SOFT HYPHEN}\N{ARABIC TATWEEL}"
)  # "don't" is the word "dont"
_SPELLED_OUT_LEAST = 3
_SPELLED_OUT_GAP = 3

_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_WAYS_AT_MOST = 5

_STANDS_FOR = str.maketrans({"@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t"})
_SYMBOLS_IN_WORD = re.compile(r"(?<=[^\W\d_])[@431!0$57]{1,3}(?=[^\W\d_])|\b[4310$5@]{1,2}(?=[^\W\d_]{2})")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text in its plain form, and where it stands in the text as written (`end` is exclusive)."""

    plain: str
    start: int
    end: int


@lru_cache(maxsize=8192)
def _plain_letter(letter: str) -> str | None:
    """Return what one character is in plain form: "" when it vanishes, None when it parts words."""
    if letter in _INSIDE_WORDS:
        return ""
    category = unicodedata.category(letter)
    if category in {"Mn", "Me", "Cf"}:
        return ""
    if category[0] not in "LN" and letter != "*":
        return None
    taken_apart = unicodedata.normalize("NFKD", letter.casefold())
    kept = "".join(part for part in taken_apart if part.isalnum() or part == "*")
    return kept.translate(_SAME_LETTER)


def fold(text: str) -> str:
    """Return a text in plain form: no capitals, accents or punctuation, one space between words."""
    return " ".join(word.plain for word in words_of(text))


def words_of(text: str) -> tuple[Word, ...]:
    """Read any text as plain words. Letters spelled out one by one ("I.P.A.", "k i l l") become one word."""
    words: list[Word] = []
    for parts, group in groupby(enumerate(text), key=lambda item: _plain_letter(item[1]) is None):
        if not parts:
            letters = list(group)
            plain = "".join(_plain_letter(letter) or "" for _, letter in letters).strip("*")
            if plain:
                words.append(Word(plain, letters[0][0], letters[-1][0] + 1))
    return _join_spelled_out(words)


def _join_spelled_out(words: list[Word]) -> tuple[Word, ...]:
    joined: list[Word] = []
    run: list[Word] = []
    for word in words:
        is_letter = len(word.plain) == 1 and word.plain.isalpha()
        if run and not (is_letter and word.start - run[-1].end <= _SPELLED_OUT_GAP):
            joined += _as_one(run)
            run = []
        if is_letter:
            run.append(word)
        else:
            joined.append(word)
    return tuple(joined + _as_one(run))


def _as_one(run: list[Word]) -> list[Word]:
    if len(run) < _SPELLED_OUT_LEAST:
        return run
    return [Word("".join(word.plain for word in run), run[0].start, run[-1].end)]


def undisguised(text: str) -> str:
    """Return a text of the same length with figures and signs inside words read as letters: "k1ll", "r@pe"."""
    return _SYMBOLS_IN_WORD.sub(lambda found: found[0].translate(_STANDS_FOR), text)


def shortened(plain: str) -> tuple[str, ...]:
    """Return the ways to read a plain word whose letters are drawn out: "kiiiilll" is kil, kill, kiil or kiill.

    A word without three equal letters in a row has no other way than itself.
    """
    if not _DRAWN_OUT.search(plain):
        return (plain,)
    ways = {_DRAWN_OUT.sub(r"\1", plain), _DRAWN_OUT.sub(r"\1\1", plain)}
    for found in _DRAWN_OUT.finditer(plain):
        before, after = plain[: found.start()], plain[found.end() :]
        ways.add(_DRAWN_OUT.sub(r"\1", before) + found[1] * 2 + _DRAWN_OUT.sub(r"\1", after))
        if len(ways) == _WAYS_AT_MOST:
            break
    return tuple(sorted(ways, key=len))


def distance(one: str, other: str, at_most: int) -> int:
    """Count the letters that must be put in, left out, changed or swapped with a neighbour to make one the other.

    Anything above `at_most` is returned as `at_most + 1`, which keeps the work small.
    """
    if abs(len(one) - len(other)) > at_most:
        return at_most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, goal in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != goal))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == goal:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > at_most:
            return at_most + 1
    return min(row[-1], at_most + 1)
