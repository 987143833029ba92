"""Reading yes or no, and one option out of several: by its letter, its number, its words or nearly its words."""

from channels.rules.plain_words import distance
from surveys.model import FALLBACK_LANGUAGE, NO, YES, Option
from surveys.rules.lexicon import Lexicon, Mark, Meaning
from surveys.rules.plain_words import words
from surveys.rules.read_number import BREAK, NOISE

_LETTERS = "abcdefghi"
_SHORTEST_TYPED_WRONG = 4
_SHORTEST_TYPED_TWICE_WRONG = 8
_EITHER = frozenset({Meaning.YES, Meaning.NO})


def exact_yes_no(text: str, lexicon: Lexicon) -> str | None:
    """Yes or no where the text says only that; None for both at once, or anything more."""
    said = {mark.meaning for mark in lexicon.scan(text)} - NOISE
    if said == {Meaning.YES}:
        return YES
    return NO if said == {Meaning.NO} else None


def loose_yes_no(text: str, lexicon: Lexicon) -> str | None:
    """The yes or no that a longer text begins with; "yes and no" is neither."""
    marks = lexicon.scan(text)
    first = next((mark for mark in marks if mark.meaning not in NOISE), None)
    if first is None or first.meaning not in _EITHER:
        return None
    said = {mark.meaning for mark in marks}
    if said >= _EITHER and (said <= _EITHER | NOISE | {Meaning.CONNECTIVE} or not BREAK.search(first.after)):
        return None
    return YES if first.meaning is Meaning.YES else NO


def exact_option(text: str, options: tuple[Option, ...], language: str, lexicon: Lexicon) -> str | None:
    """The id of the one option that the text names."""
    marks = lexicon.scan(text)
    spare = tuple(token.word for mark in marks if mark.meaning not in NOISE for token in mark.tokens)
    for heard in (words(text), spare):
        by_words = _by_words(heard, options, language)
        if by_words is not None:
            return by_words
    weighty = [mark for mark in marks if mark.meaning not in NOISE]
    letters = [mark for mark in marks if _is_lone_letter(mark)]
    if len(weighty) > 1 or len(letters) > 1:
        return None
    return _by_mark((weighty or letters)[0], options) if weighty or letters else None


def loose_option(text: str, options: tuple[Option, ...], language: str, lexicon: Lexicon) -> str | None:
    """The id of the option whose letter leads a longer text ("B because ..."), or that alone is named in it."""
    marks = lexicon.scan(text)
    if len(marks) > 1 and _is_lone_letter(marks[0]):
        word = marks[0].tokens[0].word
        if BREAK.search(marks[0].after) or word not in lexicon.one_letter_words:
            return _by_mark(marks[0], options)
    named = {option.id for option in options if _is_within(words(option.label.in_language(language)), words(text))}
    return named.pop() if len(named) == 1 else None


def _is_lone_letter(mark: Mark) -> bool:
    return len(mark.tokens) == 1 and mark.tokens[0].word in _LETTERS


def _by_mark(mark: Mark, options: tuple[Option, ...]) -> str | None:
    if _is_lone_letter(mark):
        place = _LETTERS.index(mark.tokens[0].word)
    elif mark.sense.number is not None:
        place = mark.sense.number - 1
    else:
        return None
    return options[place].id if 0 <= place < len(options) else None


def _by_words(heard: tuple[str, ...], options: tuple[Option, ...], language: str) -> str | None:
    """By the words of the label in the person's language or in English, allowing for a slip of the finger."""
    for said_in in dict.fromkeys((language, FALLBACK_LANGUAGE)):
        labels = {option.id: words(option.label.in_language(said_in)) for option in options}
        for is_meant in (_is_same, _is_part, _is_near):
            meant = [option_id for option_id, label in labels.items() if heard and is_meant(heard, label)]
            if len(meant) == 1:
                return meant[0]
    return None


def _is_same(heard: tuple[str, ...], label: tuple[str, ...]) -> bool:
    return heard == label or (heard[1:] == label and heard[0] in _LETTERS)


def _is_enough(heard: tuple[str, ...], label: tuple[str, ...]) -> bool:
    """Half of the label's words at least, and not only a short one: "other" does not name "Other families too"."""
    return len(set(heard)) * 2 >= len(set(label)) and max(map(len, heard)) >= _SHORTEST_TYPED_WRONG


def _is_part(heard: tuple[str, ...], label: tuple[str, ...]) -> bool:
    return set(heard) <= set(label) and _is_enough(heard, label)


def _is_near(heard: tuple[str, ...], label: tuple[str, ...]) -> bool:
    return _is_enough(heard, label) and all(any(is_slip(word, meant) for meant in label) for word in heard)


def _is_within(label: tuple[str, ...], heard: tuple[str, ...]) -> bool:
    return any(heard[at : at + len(label)] == label for at in range(len(heard) - len(label) + 1))


def is_slip(word: str, meant: str) -> bool:
    """Whether word is meant, but for one slip (two in a word of eight letters or more)."""
    if min(len(word), len(meant)) < _SHORTEST_TYPED_WRONG:
        return word == meant
    allowed = 2 if len(meant) >= _SHORTEST_TYPED_TWICE_WRONG else 1
    return distance(word, meant, allowed) <= allowed
