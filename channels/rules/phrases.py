from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from channels.rules.plain_words import distance, fold, squeezed

_ONE_SLIP_FROM = 5  # shorter words have too many honest neighbours
_TWO_SLIPS_FROM = 9


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a phrase: the words that may stand there, or their stems ("bruis*").

    `skips` is how many other words may lie between this place and the one before.
    """

    spellings: frozenset[str]
    skips: int

    def takes(self, readings: frozenset[str]) -> bool:
        """Say whether a word with these readings may stand here."""
        return not self.spellings.isdisjoint(readings)


Phrase = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Goal:
    """A spelling that slips of the thumb may have missed, with its letters as a set of bits."""

    spelling: str
    plain: str
    letters: int

    def is_near(self, plain: str, letters: int) -> bool:
        """Say whether a word is this spelling but for a slip or two; a star in it hides a letter ("k*ll")."""
        slips = 0 if "*" in plain else self._slips()
        # Cheap and first: a letter that is missing altogether is a slip, so most words end here.
        if (self.letters & ~letters).bit_count() > max(slips, plain.count("*")) or (not slips and "*" not in plain):
            return False
        if self.spelling == self.plain:
            return distance(plain, self.plain, slips) <= slips
        lengths = range(len(self.plain) - slips, len(self.plain) + slips + 1)
        return any(distance(plain[:length], self.plain, slips) <= slips for length in lengths)

    def _slips(self) -> int:
        if len(self.plain) < _ONE_SLIP_FROM:
            return 0
        return 2 if len(self.plain) >= _TWO_SLIPS_FROM else 1


def _goal(spelling: str) -> _Goal:
    plain = spelling.rstrip("*")
    return _Goal(spelling, plain, _letters(plain))


def _letters(plain: str) -> int:
    bits = 0
    for letter in plain:
        bits |= 1 << (ord(letter) & 63)
    return bits


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found in a text: its label, and its first and last word by position."""

    label: str
    first: int
    last: int


def parse_phrase(text: str, sets: Mapping[str, str]) -> Phrase:
    """Read one phrase as the word lists write it.

    Words stand in order; `a|b` is either word, `stem*` any word that begins so, `@name` any word of the set of that
    name, and dots between words let up to that many other words in: "hit* .. @person". Words are folded.
    Raises KeyError for a set that does not exist, ValueError for a phrase without words.
    """
    places: list[Place] = []
    skips = 0
    for piece in text.split():
        if set(piece) == {"."}:
            skips = len(piece)
            continue
        choices = [choice for part in piece.split("|") for choice in _choices(part, sets)]
        places.append(Place(frozenset(map(_spelling, choices)), skips))
        skips = 0
    if not places:
        raise ValueError(text)
    return tuple(places)


def _spelling(choice: str) -> str:
    return fold(choice) + ("*" if choice.endswith("*") else "")


def _choices(part: str, sets: Mapping[str, str]) -> list[str]:
    return sets[part[1:]].split() if part.startswith("@") else [part]


class Phrasebook:
    """Labelled phrases, ready to be found in texts in time that grows with the length of the text alone.

    A word also stands for its near neighbours (one slip, two in long words, the first letter right), except for
    words called `ordinary`: those are real words that only look like one of ours ("hunting" is not "hurting").
    """

    def __init__(self, phrases: Iterable[tuple[str, Phrase]], ordinary: Iterable[str] = ()) -> None:
        self._by_start: defaultdict[str, list[tuple[str, Phrase]]] = defaultdict(list)
        self._spellings: set[str] = set()
        for label, phrase in phrases:
            for start in phrase[0].spellings:
                self._by_start[start].append((label, phrase))
            for place in phrase:
                self._spellings |= place.spellings
        self._longest = max(map(len, self._spellings), default=0)
        self._ordinary = frozenset(fold(word) for word in ordinary)
        self._by_letter: defaultdict[str, list[_Goal]] = defaultdict(list)
        for spelling in sorted(self._spellings):
            self._by_letter[spelling[0]].append(_goal(spelling))

    def readings(self, plain: str) -> frozenset[str]:
        """Return the spellings of this book, words and stems, that one plain word may be read as."""
        exact = self._exact(plain)
        if exact or plain in self._ordinary:
            return exact
        drawn_in = squeezed(plain[: self._longest * 3])
        if drawn_in != plain and (exact := self._exact(drawn_in)):
            return exact
        letters = _letters(drawn_in)
        goals = self._by_letter.get(plain[0], ())
        return frozenset(goal.spelling for goal in goals if goal.is_near(drawn_in, letters))

    def _exact(self, plain: str) -> frozenset[str]:
        beginnings = {plain[:length] + "*" for length in range(1, min(len(plain), self._longest) + 1)}
        return frozenset((beginnings | {plain}) & self._spellings)

    def find(self, plain_words: Sequence[str]) -> list[Found]:
        """Return every phrase that stands in a text, in order of its first word."""
        known: dict[str, frozenset[str]] = {}
        for plain in plain_words:
            if plain and plain not in known:
                known[plain] = self.readings(plain)
        readings = [known.get(plain, frozenset()) for plain in plain_words]
        return [found for at in range(len(readings)) for found in self._starting(readings, at)]

    def _starting(self, readings: Sequence[frozenset[str]], at: int) -> Iterator[Found]:
        seen: set[int] = set()
        for reading in readings[at]:
            for label, phrase in self._by_start.get(reading, ()):
                if id(phrase) in seen:
                    continue
                seen.add(id(phrase))
                last = _match(phrase, readings, at)
                if last is not None:
                    yield Found(label, at, last)


def _match(phrase: Phrase, readings: Sequence[frozenset[str]], at: int) -> int | None:
    """Return the position of the last word if the phrase stands at `at`, reaching as little far as it can."""
    ends = [at]
    for place in phrase[1:]:
        reachable = {then for end in ends for then in range(end + 1, end + place.skips + 2) if then < len(readings)}
        ends = [then for then in sorted(reachable) if place.takes(readings[then])]
        if not ends:
            return None
    return ends[0]
