"""A text as plain words: one spelling for what people type in many ways, in any script."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Keyboards for Arabic, Persian and Urdu send different letters for what a reader takes for the same one.
_SAME_LETTER = str.maketrans(
    {
        "\u064a": "\u06cc",  # Arabic yeh
        "\u0649": "\u06cc",  # alef maksura
        "\u0643": "\u06a9",  # Arabic kaf
        "\u0647": "\u06c1",  # Arabic heh
        "\u06be": "\u06c1",  # heh doachashmee, typed for heh goal and the other way round
        "\u0629": "\u06c1",  # teh marbuta
        "\u06c3": "\u06c1",  # teh marbuta goal
        "\u06d5": "\u06c1",  # ae
        "\u06ba": "\u0646",  # noon ghunna, often typed as noon
        "\u0142": "l",  # l with stroke, which has no decomposition
        "\u0640": None,  # tatweel
    },
)
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_FIRST_SCRIPT_WITH_VOWEL_SIGNS = "\u0900"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]")


@dataclass(frozen=True)
class Token:
    """One word or picture sign, and what stood between it and the next."""

    word: str
    start: int
    end: int
    after: str


def _is_dress(character: str) -> bool:
    """Marks that do not change which word it is: accents, harakat, joiners, keycaps, skin tones."""
    category = unicodedata.category(character)
    if category == "Mn":
        return character < _FIRST_SCRIPT_WITH_VOWEL_SIGNS or unicodedata.name(character, "").startswith("VARIATION")
    return category in {"Me", "Cf"} or ord(character) in _SKIN_TONES


def _as_digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


@lru_cache(maxsize=8192)
def _plain(character: str) -> str:
    apart = unicodedata.normalize("NFKD", character.casefold())
    return "".join(_as_digit(part) for part in apart if not _is_dress(part)).translate(_SAME_LETTER)


def plain(text: str) -> str:
    """The text in lower case, without accents, with ASCII digits and one form of each Urdu letter."""
    return "".join(map(_plain, _APOSTROPHES.sub("", text)))


def _is_word(token: str) -> bool:
    return token[0].isalnum() or unicodedata.category(token[0]) in {"So", "Sk"}


def tokens(text: str) -> tuple[Token, ...]:
    """The words and picture signs of a text in plain form; punctuation is kept as what stands between."""
    bare = plain(text)
    found = [match for match in _TOKEN.finditer(bare) if _is_word(match.group())]
    starts = [match.start() for match in found] + [len(bare)]
    return tuple(
        Token(match.group(), match.start(), match.end(), bare[match.end() : until])
        for match, until in zip(found, starts[1:], strict=True)
    )


def words(text: str) -> tuple[str, ...]:
    """The bare words of a text."""
    return tuple(token.word for token in tokens(text))
