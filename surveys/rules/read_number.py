"""Reading a point on a scale: "4", "four!", "4/5", "I'd give it a 4", "⭐⭐⭐⭐", "4 because ..."."""

import re

from surveys.rules.lexicon import Lexicon, Mark, Meaning
from surveys.rules.plain_words import plain, tokens

NOISE = frozenset({Meaning.FILLER, Meaning.COURTESY, Meaning.SCORING, Meaning.CORRECTION})
BREAK = re.compile(r"[-,.;:!()\n\u060c\u06d4\u2013\u2014]")
_MAY_FOLLOW = frozenset({Meaning.CONNECTIVE, Meaning.OPINION, Meaning.FILLER, Meaning.COURTESY})
_STARS = frozenset("⭐★🌟")
# "4/5", "4 out of 5", Polish "4 z 5" and "4 na 5": the answer is said first. Urdu says the total first.
_OUT_OF = re.compile(r"(?<![\d/])(?P<said>\d)\s*(?:\u2044|/|out of|of|z|na)\s*(?P<total>\d+)(?![\d/])")
_OF_TOTAL = re.compile(rf"(?<!\d)(?P<total>\d+)\s*{plain('میں سے')}\s*(?P<said>\d)(?!\d)")
_NOT_A_POINT = re.compile(
    r"\d\s?[.,]\s?\d|\d\s*[\u2044:]\s*\d|(?:^|\d)\s*[-\u2212\u2013]\s*\d|\d\s*[%\u00b0]",
)


def _without_total(text: str, points: int) -> str:
    """The plain text with "4 out of 5" cut down to "4" where the total is the scale's own."""

    def cut(found: re.Match[str]) -> str:
        return found["said"] if found["total"] == str(points) else found[0]

    return _OF_TOTAL.sub(cut, _OUT_OF.sub(cut, plain(text)))


def _stars(text: str, points: int) -> int | None:
    heard = [token.word for token in tokens(text)]
    return len(heard) if set(heard) <= _STARS and 1 <= len(heard) <= points else None


def _one_number(marks: tuple[Mark, ...], points: int) -> int | None:
    said = [mark.sense.number for mark in marks if mark.sense.number is not None]
    return said[0] if len(set(said)) == 1 and 1 <= said[0] <= points else None


def exact_number(text: str, points: int, lexicon: Lexicon) -> int | None:
    """The number that the text is, with nothing else but politeness around it; None if it is not one."""
    stars = _stars(text, points)
    if stars is not None:
        return stars
    cut = _without_total(text, points)
    marks = lexicon.scan(cut)
    if _NOT_A_POINT.search(cut) or any(mark.meaning not in NOISE | {Meaning.NUMBER} for mark in marks):
        return None
    return _one_number(marks, points)


def loose_number(text: str, points: int, lexicon: Lexicon) -> int | None:
    """The number that a longer text gives as its answer.

    Taken only where the number leads ("4 because", "4 - he is happy") or is given ("I'd give the school a 4"),
    so that "he is in year 4" is not an answer.
    """
    cut = _without_total(text, points)
    marks = lexicon.scan(cut)
    if _NOT_A_POINT.search(cut) or not (_leads(marks) or _is_given(marks)):
        return None
    return _one_number(marks, points)


def _leads(marks: tuple[Mark, ...]) -> bool:
    weighty = [at for at, mark in enumerate(marks) if mark.meaning not in NOISE | {Meaning.YES, Meaning.NO}]
    if not weighty or marks[weighty[0]].meaning is not Meaning.NUMBER:
        return False
    number, following = marks[weighty[0]], marks[weighty[0] + 1 :]
    return not following or bool(BREAK.search(number.after)) or following[0].meaning in _MAY_FOLLOW


def _is_given(marks: tuple[Mark, ...]) -> bool:
    last = [mark.meaning for mark in marks][-2:]
    is_led_to = len(last) > 1 and last[0] in {Meaning.FILLER, Meaning.SCORING} and last[1] is Meaning.NUMBER
    return is_led_to and any(mark.meaning is Meaning.SCORING for mark in marks)
