"""What a text in the middle of a survey is: answers, a wish, a correction, a thank-you, a question back, or unclear."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from surveys.model import Answer, Outcome, Question, QuestionKind
from surveys.rules.lexicon import Lexicon, Mark, Meaning, lexicon
from surveys.rules.plain_words import tokens, words
from surveys.rules.read_answer import read_answer, read_exactly
from surveys.rules.read_number import BREAK

_ASKS = re.compile(r"[?\u061f\uff1f]")
_BETWEEN = re.compile(r"\s*[,;\n|/\u060c\u06d4]+\s*|\s+[-\u2013]\s+|[.]\s+|\s+(?:and|i|oraz|\u0627\u0648\u0631)\s+|\s+")
_LONGEST_DEFINITION_ASKED = 10
_LONGEST_WITHOUT_QUESTION_MARK = 4
_LEAST_SEVERAL = 2
_MOST_ANSWERS_IN_ONE_TEXT = 9
_MOST_WORDS_IN_ONE_ANSWER = 6
_TELLS_MUCH = 8  # words: more than a slip on the way to an answer
_POLITE = frozenset({Meaning.COURTESY, Meaning.FILLER})
_WISHES = {Meaning.SKIP: Outcome.SKIPPED, Meaning.NOT_KNOWN: Outcome.NOT_KNOWN}


@dataclass(frozen=True)
class Answered:
    """Answers to this question and perhaps the next ones; is_whole unless the text says more than they hold."""

    answers: tuple[Answer, ...]
    is_whole: bool = True


@dataclass(frozen=True)
class Corrected:
    """Another answer to an earlier question."""

    answer: Answer


@dataclass(frozen=True)
class LinkWanted:
    """Asks for the link to go on by web."""


@dataclass(frozen=True)
class Polite:
    """A thank-you or a smile that wants no reply."""


@dataclass(frozen=True)
class ForOthers:
    """Asks us something, or tells us much that is no answer: others hear that, and a person in the end."""


@dataclass(frozen=True)
class Unclear:
    """Cannot be read as an answer."""


Understanding = Answered | Corrected | LinkWanted | Polite | ForOthers | Unclear


@dataclass(frozen=True)
class Place:
    """Where in the survey a text arrives: the question asked, those that follow, and the one before.

    is_soon says that it comes soon after the last answer, so that "sorry, 3" corrects that one.
    """

    question: Question
    following: tuple[Question, ...]
    before: Question | None
    language: str
    is_soon: bool

    @property
    def lexicon(self) -> Lexicon:
        """The words of the person's language."""
        return lexicon(self.language)


def understand(place: Place, text: str) -> Understanding:
    """What a text is at this place; whatever it is, it is exactly one of them."""
    marks = place.lexicon.scan(text)
    return (
        _correction_in_words(place, text, marks)
        or _wish(place, marks)
        or _answer(place, text, marks)
        or _late_answer(place, text)
        or _aside(place, text, marks)
        or Unclear()
    )


def is_polite(text: str, language: str) -> bool:
    """Whether a text is only a thank-you, a greeting or a smile."""
    marks = lexicon(language).scan(text)
    meanings = {mark.meaning for mark in marks}
    pictures_only = bool(marks) and not any(character.isalnum() for character in text)
    agreeable = _POLITE | {Meaning.YES} if pictures_only else _POLITE
    return bool(meanings) and meanings <= agreeable and meanings != {Meaning.FILLER}


def is_asking_what_it_means(text: str, language: str) -> bool:
    """Whether a text asks for the meaning of something ("what is an EHCP?"), also in place of free text."""
    heard = words(text)
    limit = _LONGEST_DEFINITION_ASKED if _ASKS.search(text) else _LONGEST_WITHOUT_QUESTION_MARK
    if not heard or len(heard) > limit:
        return False
    return any(_within(phrase, heard) for phrase in lexicon(language).definition)


def _within(phrase: tuple[str, ...], heard: tuple[str, ...]) -> bool:
    return any(heard[at : at + len(phrase)] == phrase for at in range(len(heard) - len(phrase) + 1))


def _correction_in_words(place: Place, text: str, marks: Sequence[Mark]) -> Corrected | None:
    """Words of correction ("sorry, I meant 3", "*3") soon after the answer that they correct."""
    starts = text.lstrip().startswith("*") or (bool(marks) and marks[0].meaning is Meaning.CORRECTION)
    return _correction(place, text) if starts and place.is_soon else None


def _correction(place: Place, text: str) -> Corrected | None:
    if place.before is None:
        return None
    answer = read_exactly(place.before, text, place.language)
    return None if answer is None else Corrected(answer)


def _wish(place: Place, marks: Sequence[Mark]) -> Answered | LinkWanted | None:
    said = {mark.meaning for mark in marks} - _POLITE
    for meaning, outcome in _WISHES.items():
        if said == {meaning}:
            return Answered((Answer(place.question.id, outcome),))
    return LinkWanted() if said == {Meaning.LINK} else None


def _answer(place: Place, text: str, marks: Sequence[Mark]) -> Answered | Corrected | Polite | ForOthers | None:
    if place.question.kind is QuestionKind.TEXT:
        return _own_words(place, text, marks)
    reading = read_answer(place.question, text, place.language)
    if reading is not None and reading.is_whole:
        return Answered((reading.answer,))
    several = _several(place, text)
    if several is not None:
        return several
    if reading is not None:
        return Answered((reading.answer,), is_whole=False)
    return _wish_and_more(place, marks)


def _wish_and_more(place: Place, marks: Sequence[Mark]) -> Answered | None:
    """A wish that leads a longer text, set off from it ("I don't know, it depends")."""
    weighty = [mark for mark in marks if mark.meaning not in _POLITE]
    outcome = _WISHES.get(weighty[0].meaning) if weighty else None
    if outcome is None or not (BREAK.search(weighty[0].after) or weighty[1].meaning is Meaning.CONNECTIVE):
        return None
    return Answered((Answer(place.question.id, outcome),), is_whole=False)


def _own_words(place: Place, text: str, marks: Sequence[Mark]) -> Answered | Corrected | Polite | ForOthers | None:
    """Free text is its own answer, but for a lone mark that belongs to the question before, thanks and definitions."""
    if not tokens(text):
        return None
    if is_polite(text, place.language):
        return Polite()
    if is_asking_what_it_means(text, place.language):
        return ForOthers()
    is_lone_mark = len(marks) == 1 and (marks[0].sense.number is not None or len(marks[0].tokens[0].word) == 1)
    late = _correction(place, text) if is_lone_mark else None
    return late or Answered((Answer(place.question.id, Outcome.ANSWERED, text=text.strip()),))


def _several(place: Place, text: str) -> Answered | None:
    """Answers to consecutive questions; the rest is free text if that is asked next ("4, yes, B, loves the pool")."""
    asked = (place.question, *place.following)[:_MOST_ANSWERS_IN_ONE_TEXT]
    answers, rest = _split(asked, text.strip(), place.language)
    if len(answers) < _LEAST_SEVERAL:
        return None
    if rest and len(answers) < len(asked) and asked[len(answers)].kind is QuestionKind.TEXT:
        return Answered((*answers, Answer(asked[len(answers)].id, Outcome.ANSWERED, text=rest)))
    return Answered(answers, is_whole=not rest)


def _split(asked: tuple[Question, ...], text: str, language: str) -> tuple[tuple[Answer, ...], str]:
    """The longest run of pieces that exactly answer these questions in their order, and what is left of the text."""
    best: tuple[tuple[Answer, ...], str] = ((), text)
    if not asked or not text:
        return best
    for head, tail in _cuts(text):
        answer = read_exactly(asked[0], head, language)
        if answer is not None:
            following, rest = _split(asked[1:], tail, language)
            run = (answer, *following)
            if not rest:
                return run, rest
            best = max(best, (run, rest), key=lambda found: len(found[0]))
    return best


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    """The ways to cut a text in two, shortest head first; the whole text as a head comes last."""
    for found in islice(_BETWEEN.finditer(text), _MOST_WORDS_IN_ONE_ANSWER):
        if found.start() > 0:
            yield text[: found.start()], text[found.end() :].strip()
    yield text, ""


def _late_answer(place: Place, text: str) -> Corrected | None:
    """An answer to the question before, arriving after this one was asked; a picture sign alone is not enough."""
    has_words = any(character.isalnum() for character in text)
    return _correction(place, text) if has_words and not is_polite(text, place.language) else None


def _aside(place: Place, text: str, marks: Sequence[Mark]) -> Polite | ForOthers | None:
    if is_polite(text, place.language):
        return Polite()
    heard = words(text)
    opens = len(heard) > 1 and any(heard[: len(phrase)] == phrase for phrase in place.lexicon.opening)
    asks = bool(_ASKS.search(text)) and any(mark.meaning is Meaning.UNKNOWN for mark in marks)
    return ForOthers() if opens or asks or len(heard) >= _TELLS_MUCH else None
