from __future__ import annotations

import unicodedata

_FROM_LEFT = "L"
_FROM_RIGHT = frozenset({"R", "AL"})
_STRONG = _FROM_RIGHT | {_FROM_LEFT}
_MARK = "\N{RIGHT-TO-LEFT MARK}"


def begin_on_the_right(text: str) -> str:
    """Return a text of a language that is written from right to left so that phones lay its lines out that way.

    A phone decides line by line, by the first letter: one Latin word at the head of a line would turn the order of
    all its words round. The mark that prevents it is not seen. Lines without words of the language stay as they are.
    """
    return "\n".join(_MARK + line if _is_turned_round(line) else line for line in text.split("\n"))


def _is_turned_round(line: str) -> bool:
    directions = [direction for sign in line if (direction := unicodedata.bidirectional(sign)) in _STRONG]
    return bool(directions) and directions[0] == _FROM_LEFT and not _FROM_RIGHT.isdisjoint(directions)
