from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from channels.rules.plain_words import distance, fold, shortened

_TWO_SLIPS_FROM = 9
_HIDDEN = "*"  # stands for a letter that the writer did not dare to write: "k*ll"


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
    """A word that slips of the thumb may have missed, its letters as a set of bits, and what it is read as."""

    plain: str
    letters: int
    readings: frozenset[str]

    def is_near(self, plain: str, letters: int) -> bool:
        """Say whether a word is this one but for a slip or two."""
        slips = 2 if len(self.plain) >= _TWO_SLIPS_FROM else 1
        # Cheap and first: a letter that is missing altogether is a slip, so most words end here.
        return (self.letters & ~letters).bit_count() <= slips and distance(plain, self.plain, slips) <= slips


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

    Slips of the thumb are forgiven in the words named so: one slip, two in long words, the first letter right.
    Not so where the slip makes an `ordinary` word, a real one that only looks like one of ours ("hunting").
    """

    def __init__(
        self, phrases: Iterable[tuple[str, Phrase]], forgiven: Iterable[str] = (), ordinary: Iterable[str] = ()
    ) -> None:
        self._by_start: defaultdict[str, list[tuple[str, Phrase]]] = defaultdict(list)
        self._spellings: set[str] = set()
        for label, phrase in phrases:
            for start in phrase[0].spellings:
                self._by_start[start].append((label, phrase))
            for place in phrase:
                self._spellings |= place.spellings
        self._longest = max(map(len, self._spellings), default=0)
        self._by_shape: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for spelling in self._spellings:
            self._by_shape[spelling[0], len(spelling)].append(spelling)
        self._ordinary = frozenset(fold(word) for word in ordinary)
        self._goals: defaultdict[str, list[_Goal]] = defaultdict(list)
        for word in map(fold, forgiven):
            self._goals[word[0]].append(_Goal(word, _letters(word), self._exact(word)))

    def readings(self, plain: str) -> frozenset[str]:
        """Return the spellings of this book, words and stems, that one plain word may be read as."""
        exact = self._exact(plain)
        if exact or plain in self._ordinary:
            return exact
        if _HIDDEN in plain:
            return self._hidden(plain)
        ways = shortened(plain[: self._longest * 3])
        if len(ways) > 1 and (exact := frozenset().union(*map(self._exact, ways))):
            return exact
        letters = _letters(ways[0])
        near = (goal.readings for goal in self._goals.get(plain[0], ()) if goal.is_near(ways[0], letters))
        return frozenset().union(*near)

    def _hidden(self, plain: str) -> frozenset[str]:
        alike = self._by_shape.get((plain[0], len(plain)), ())
        return frozenset(
            spelling
            for spelling in alike
            if all(letter in (goal, _HIDDEN) for letter, goal in zip(plain, spelling, strict=True))
        )

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
