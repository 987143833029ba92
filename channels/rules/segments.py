from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM = "GSM-7"
_EXTENDED = frozenset("^{}\\[~]|€\f")
_PLAIN = str.maketrans(
    {
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{NO-BREAK SPACE}": " ",
        "\N{BULLET}": "-",
    }
)
_LANGUAGES_SENT_WITHOUT_ACCENTS = frozenset({"pl"})
_STROKES = str.maketrans({"\u0142": "l", "\u0141": "L"})  # the letter that has no accent to take off
GSM_ONE, GSM_PART = 160, 153
UCS2_ONE, UCS2_PART = 70, 67


@dataclass(frozen=True)
class Segments:
    """What an SMS costs: `encoding` GSM-7 or UCS-2, `units` (septets or 16-bit units), `count` of segments."""

    encoding: str
    units: int
    count: int


def plain(text: str) -> str:
    """Return the text with typographic signs made plain, so that one curly quote does not double the cost."""
    return text.translate(_PLAIN)


def for_sms(text: str, language: str) -> str:
    """Return the text as it is sent by SMS; without accents where the language does so and that leaves plain GSM-7.

    Polish phones do so among themselves: one accent would cut a segment from 160 to 70 letters.
    """
    if language not in _LANGUAGES_SENT_WITHOUT_ACCENTS or segments(text).encoding == _GSM:
        return text
    apart = unicodedata.normalize("NFD", text.translate(_STROKES))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return bare if segments(bare).encoding == _GSM else text


def segments(text: str) -> Segments:
    """Return what an SMS costs (3GPP TS 23.038): 160 then 153 septets, or 70 then 67 UTF-16 units.

    A sign of the extension table takes two septets; neither an escape nor a surrogate pair is ever cut, so a
    segment may end one unit early.
    """
    widths = _septets(text)
    if widths is not None:
        return Segments(_GSM, sum(widths), _count(widths, GSM_ONE, GSM_PART))
    widths = [2 if ord(sign) > 0xFFFF else 1 for sign in text]  # noqa: PLR2004 - the end of the basic plane
    return Segments("UCS-2", sum(widths), _count(widths, UCS2_ONE, UCS2_PART))


def _septets(text: str) -> list[int] | None:
    widths = []
    for sign in text:
        if sign in _BASIC:
            widths.append(1)
        elif sign in _EXTENDED:
            widths.append(2)
        else:
            return None
    return widths


def _count(widths: list[int], one: int, part: int) -> int:
    if sum(widths) <= one:
        return 1
    count, used = 1, 0
    for width in widths:
        if used + width > part:
            count, used = count + 1, 0
        used += width
    return count
