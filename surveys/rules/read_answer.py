"""Reading an answer to one question as a person would: rules/words/ says what words mean, this says what counts."""

from dataclasses import dataclass

from surveys.model import Answer, Outcome, Question, QuestionKind
from surveys.rules.lexicon import Lexicon, lexicon
from surveys.rules.plain_words import words
from surveys.rules.read_number import exact_number, loose_number
from surveys.rules.read_option import exact_option, exact_yes_no, loose_option, loose_yes_no


@dataclass(frozen=True)
class Reading:
    """An answer found in a text; is_whole where the text says nothing besides."""

    answer: Answer
    is_whole: bool


def read_answer(question: Question, text: str, language: str) -> Reading | None:
    """The answer that a text gives to a closed question, or None where a person would have to ask again.

    Free text is not read here: every text is one.
    """
    exact = read_exactly(question, text, language)
    if exact is not None:
        return Reading(exact, is_whole=True)
    loose = _loose(question, text, language, lexicon(language))
    return None if loose is None else Reading(loose, is_whole=False)


def read_exactly(question: Question, text: str, language: str) -> Answer | None:
    """The answer where the whole text is one, but for politeness."""
    known = lexicon(language)
    match question.kind:
        case QuestionKind.SCALE:
            number = _end_of_scale(question, text, language) or exact_number(text, question.points, known)
            return _number(question, number)
        case QuestionKind.YES_NO:
            return _option(question, exact_yes_no(text, known))
        case QuestionKind.CHOICE:
            return _option(question, exact_option(text, question.options, language, known))
    return None


def _loose(question: Question, text: str, language: str, known: Lexicon) -> Answer | None:
    match question.kind:
        case QuestionKind.SCALE:
            return _number(question, loose_number(text, question.points, known))
        case QuestionKind.YES_NO:
            return _option(question, loose_yes_no(text, known))
        case QuestionKind.CHOICE:
            return _option(question, loose_option(text, question.options, language, known))
    return None


def _end_of_scale(question: Question, text: str, language: str) -> int | None:
    """1 or the top point where the text is what the question calls that end of its scale."""
    heard = words(text)
    ends = ((1, question.low), (question.points, question.high))
    return next((point for point, end in ends if heard and heard == words(end.in_language(language))), None)


def _number(question: Question, number: int | None) -> Answer | None:
    return None if number is None else Answer(question.id, Outcome.ANSWERED, number=number)


def _option(question: Question, option: str | None) -> Answer | None:
    return None if option is None else Answer(question.id, Outcome.ANSWERED, option=option)
