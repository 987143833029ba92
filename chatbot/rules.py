"""What a text asks: which of our terms it wants explained, or that it is not for us.

Precision goes before reach. The chatbot explains words and nothing else: it answers only a text, or a sentence of a
text, that asks what a word means. All that is said beside it, about a child, a school, a date, is left to a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from channels.rules.phrases import Found, Phrasebook, parse_phrase
from channels.rules.plain_words import Word, fold, words_of
from chatbot.model import Asking, AsksForHelp, AskWhich, Courtesy, NotUnderstood, Term, Understanding, Understood

MOST_AT_ONCE = 3
"""How many terms one answer explains; whoever asks for more gets the first ones and a person for the rest."""

_TERM = "TERM"
_SLIPS_FROM = 5  # letters: one slip in a shorter name makes another word, "MASH" and "math"
_REAL_WORDS = ("artistic", "classification", "commissioned", "ousted")  # one slip away from names of ours
_ENDS_CLAUSE = frozenset('.?!,;:\n()/"\u2013\u2014\u2026\u060c\u061b\u061f\u06d4')
_COMMAS = frozenset(",\u060c")  # between two names they make a list
_ASKS = frozenset("?\u061f")
_JOINS = frozenset(map(fold, ("and", "or", "vs", "versus", "i", "oraz", "lub", "a", "اور", "یا", "aur", "ya")))
_ARTICLES = frozenset(map(fold, ("a", "an", "the", "this", "these", "that", "ten", "ta", "یہ", "ye", "yeh")))


class _Kind(Enum):
    ASKS = auto()
    NAMES_ONLY = auto()
    ABOUT_IT = auto()
    THANKS = auto()
    GREETS = auto()
    WANTS_HELP = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class _Piece:
    """One word of a clause, or a term in it: then `keys` are the terms that it may be, as written in `text`."""

    plain: str
    keys: tuple[str, ...] = ()
    text: str = ""
    is_everyday: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """One place of a clause: a word, or all the terms that stand side by side there ("an IPA and an EHCP")."""

    plain: str
    named: tuple[_Piece, ...] = ()

    def words(self) -> list[str]:
        """Return the plain words that stand here."""
        return [word for piece in self.named for word in fold(piece.text).split()] or [self.plain]


@dataclass(frozen=True, slots=True)
class _Clause:
    """What one clause of a text is; `named` are the terms that it asks for or, if it asks for none, names."""

    kind: _Kind
    named: tuple[_Piece, ...] = ()
    language: str | None = None
    leaves_rest: bool = False


class _Words:
    """The lists of one kind from every language, as one set of plain words."""

    def __init__(self, asking: Sequence[Asking]) -> None:
        self.polite = _set(entry.polite for entry in asking)
        self.before = _set(entry.before for entry in asking) | self.polite
        self.then = _set(entry.then for entry in asking)
        self.thanks = _set(entry.thanks for entry in asking)
        self.around_thanks = _set(entry.beside_thanks + " " + entry.greetings for entry in asking) | self.thanks
        self.greetings = _set(entry.greetings for entry in asking)
        self.help = frozenset(fold(phrase) for entry in asking for phrase in entry.help)


class Reader:
    """Reads texts against the names of the terms and the ways in which people ask. Made once, it keeps no state."""

    def __init__(self, terms: Sequence[Term], asking: Sequence[Asking]) -> None:
        everyday = {fold(name): (term.key,) for term in terms for name in term.everyday}
        singular = _named(terms)
        self._keys = {f"{name}s": keys for name, keys in singular.items()} | singular | everyday
        self._everyday = frozenset(everyday)
        self._names = Phrasebook(
            [(name, parse_phrase(name, {})) for name in self._keys],
            forgiven=sorted({word for name in singular for word in name.split() if len(word) >= _SLIPS_FROM}),
            ordinary=_REAL_WORDS,
        )
        self._frames = _book((entry.language, entry.frames) for entry in asking)
        self._about_it = _book((entry.language, entry.about_it) for entry in asking)
        self._words = _Words(asking)

    def understand(self, text: str) -> Understanding:
        """Say what a text asks. Never raises; time grows with the length of the text alone."""
        words = words_of(text)
        if not words:
            return AsksForHelp() if _ASKS & set(text) else Courtesy()
        return _together([self._read(clause) for clause in self._clauses(text, words)])

    def _clauses(self, text: str, words: Sequence[Word]) -> list[list[_Piece]]:
        """Part a text at its points and commas, but not within a name: "education, health and care plan"."""
        clauses: list[list[_Piece]] = [[]]
        at, names = 0, self._longest_names(words)
        while at < len(words):
            found = names.get(at)
            last = found.last if found else at
            clauses[-1].append(self._piece(text, words, at, found))
            at = last + 1
            between = set(text[words[last].end : words[at].start]) if at < len(words) else set()
            if between & (_ENDS_CLAUSE - _COMMAS if found and at in names else _ENDS_CLAUSE):
                clauses.append([])
        return clauses

    def _longest_names(self, words: Sequence[Word]) -> dict[int, Found]:
        longest: dict[int, Found] = {}
        for found in self._names.find([word.plain for word in words]):
            if found.first not in longest or found.last > longest[found.first].last:
                longest[found.first] = found
        return longest

    def _piece(self, text: str, words: Sequence[Word], at: int, found: Found | None) -> _Piece:
        if found is None:
            return _Piece(words[at].plain)
        written = text[words[at].start : words[found.last].end]
        return _Piece(fold(_TERM), self._keys[found.label], written, found.label in self._everyday)

    def _read(self, clause: Sequence[_Piece]) -> _Clause:
        places = _places(clause)
        plain = [place.plain for place in places]
        if " ".join(piece.plain for piece in clause) in self._words.help:
            return _Clause(_Kind.WANTS_HELP)
        named = tuple(piece for place in places for piece in place.named)
        if not named:
            return self._without_names(plain)
        return self._asked(places, plain) or self._named_in(places, plain, named)

    def _asked(self, places: Sequence[_Place], plain: Sequence[str]) -> _Clause | None:
        """Read a clause that asks outright; the reading that leaves least to a person is taken."""
        readings = [(found, self._leaves_rest(plain, found)) for found in self._frames.find(plain)]
        fitting = [(bool(rest), found) for found, rest in readings if rest is not None]
        if not fitting:
            return None
        rest, found = min(fitting, key=lambda reading: reading[0])
        named = tuple(piece for place in places[found.first : found.last + 1] for piece in place.named)
        return _Clause(_Kind.ASKS, named, found.label, rest)

    def _leaves_rest(self, plain: Sequence[str], found: Found) -> bool | None:
        """Say if more stands in the clause than the question; None when what stands there makes it another one."""
        before, after = plain[: found.first], plain[found.last + 1 :]
        if not self._words.before.issuperset(before):
            return None
        if self._words.polite.issuperset(after):
            return False
        return True if after[0] in self._words.then else None

    def _named_in(self, places: Sequence[_Place], plain: Sequence[str], named: tuple[_Piece, ...]) -> _Clause:
        """Read a clause that names terms and does not ask for them outright."""
        is_everyday = all(piece.is_everyday for piece in named)
        if is_everyday and len(places) > 1:
            return self._without_names([word for place in places for word in place.words()])
        if self._words.polite.issuperset(place.plain for place in places if not place.named):
            return _Clause(_Kind.NAMES_ONLY, named)
        for found in self._about_it.find(plain):
            if self._words.polite.issuperset(plain[found.last + 1 :]):
                return _Clause(_Kind.ABOUT_IT, named, found.label, leaves_rest=True)
        return _Clause(_Kind.OTHER, named)

    def _without_names(self, plain: Sequence[str]) -> _Clause:
        if self._words.greetings.issuperset(plain):
            return _Clause(_Kind.GREETS)
        if self._words.around_thanks.issuperset(plain) and not self._words.thanks.isdisjoint(plain):
            return _Clause(_Kind.THANKS)
        asks = (found for found in self._about_it.find(plain) if self._leaves_rest(plain, found) is False)
        if found := next(asks, None):
            return _Clause(_Kind.ABOUT_IT, (), found.label)
        return _Clause(_Kind.OTHER)


def _together(clauses: Sequence[_Clause]) -> Understanding:
    kinds = {clause.kind for clause in clauses}
    rest = _Kind.OTHER in kinds or any(clause.leaves_rest for clause in clauses)
    if asked := _what_is_asked(clauses, kinds):
        language = next((clause.language for clause in clauses if clause.language), None)
        return _explained([piece for piece in asked if not (rest and piece.is_everyday)], language, leaves_rest=rest)
    if kinds & {_Kind.OTHER, _Kind.ABOUT_IT, _Kind.NAMES_ONLY}:
        return NotUnderstood()
    return Courtesy() if kinds in ({_Kind.THANKS}, {_Kind.THANKS, _Kind.GREETS}) else AsksForHelp()


def _what_is_asked(clauses: Sequence[_Clause], kinds: set[_Kind]) -> list[_Piece]:
    """Return the terms asked for: those in questions, those named alone, or those that "what is that?" points to."""
    if _Kind.ASKS in kinds:
        count = {_Kind.ASKS, _Kind.NAMES_ONLY}
    elif _Kind.ABOUT_IT in kinds:
        count = {_Kind.ABOUT_IT, _Kind.NAMES_ONLY, _Kind.OTHER}
    elif _Kind.OTHER not in kinds:
        count = {_Kind.NAMES_ONLY}
    else:
        count = set()
    return [piece for clause in clauses if clause.kind in count for piece in clause.named]


def _explained(asked: Sequence[_Piece], language: str | None, *, leaves_rest: bool) -> Understanding:
    if not asked:
        return NotUnderstood()
    keys = tuple(dict.fromkeys(key for piece in asked for key in piece.keys))
    if len(keys) > 1 and len(asked) == 1:
        return AskWhich(asked[0].text, keys, language)
    return Understood(keys[:MOST_AT_ONCE], language, leaves_rest or len(keys) > MOST_AT_ONCE)


def _places(clause: Sequence[_Piece]) -> list[_Place]:
    """Put terms that stand side by side in one place, without the articles and joining words before and between."""
    places: list[_Place] = []
    for piece in clause:
        if not piece.keys:
            places.append(_Place(piece.plain))
            continue
        while places and places[-1].plain in _ARTICLES:
            places.pop()
        if len(places) > 1 and places[-1].plain in _JOINS and places[-2].named:
            places.pop()
        if places and places[-1].named:
            places[-1] = _Place(piece.plain, (*places[-1].named, piece))
        else:
            places.append(_Place(piece.plain, (piece,)))
    return places


def _named(terms: Iterable[Term]) -> dict[str, tuple[str, ...]]:
    """Return the terms that each name may mean, by the name in plain form."""
    keys: dict[str, tuple[str, ...]] = {}
    for term in terms:
        for name in dict.fromkeys(map(fold, term.names)):
            keys[name] = (*keys.get(name, ()), term.key)
    return keys


def _book(phrases: Iterable[tuple[str, Iterable[str]]]) -> Phrasebook:
    return Phrasebook([(language, parse_phrase(text, {})) for language, texts in phrases for text in texts])


def _set(lists: Iterable[str]) -> frozenset[str]:
    return frozenset(word for words in lists for word in fold(words).split())
