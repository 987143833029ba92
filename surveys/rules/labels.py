"""What the cells of a question's results are called in English, for staff pages and exports."""

from surveys.model import FALLBACK_LANGUAGE, NO, YES, Question, QuestionKind
from surveys.rules.results import IN_OWN_WORDS, NO_ANSWER

_FIXED = {YES: "Yes", NO: "No", IN_OWN_WORDS: "Answered in own words", NO_ANSWER: "No answer or did not know"}


def label_of(question: Question, key: str) -> str:
    """The name of one cell."""
    if question.kind is QuestionKind.SCALE and key != NO_ANSWER:
        return _point(question, int(key))
    for option in question.options:
        if option.id == key:
            return option.label.in_language(FALLBACK_LANGUAGE)
    return _FIXED[key]


def _point(question: Question, point: int) -> str:
    ends = {1: question.low, question.points: question.high}
    end = ends[point].in_language(FALLBACK_LANGUAGE) if point in ends else ""
    return f"{point} ({end})" if end else str(point)
