"""Reading what a page sends back: the same answers as by text, from fields instead of words."""

import unicodedata

from surveys.model import NO, YES, Answer, Outcome, Question, QuestionKind

LONGEST_TEXT = 2000
"""Letters in a free text."""
NOT_KNOWN = "not-known"
"""What a page sends for "I do not know"; no option has a hyphen in its id that could be mistaken for it."""


def skipped(question: Question) -> Answer:
    """The question left out on purpose; an information step is read, not left out."""
    is_told = question.kind is QuestionKind.INFORMATION
    return Answer(question.id, Outcome.TOLD if is_told else Outcome.SKIPPED)


def answer_from_form(question: Question, value: str) -> Answer | None:
    """The answer that a field holds, or None where it holds none or one that the question does not offer."""
    if question.kind is QuestionKind.INFORMATION:
        return skipped(question)
    if question.kind is QuestionKind.TEXT:
        text = _printable(value).strip()
        return Answer(question.id, Outcome.ANSWERED, text=text) if text else None
    if value == NOT_KNOWN:
        return Answer(question.id, Outcome.NOT_KNOWN)
    if question.kind is QuestionKind.SCALE:
        points = {str(point): point for point in range(1, question.points + 1)}
        return Answer(question.id, Outcome.ANSWERED, number=points[value]) if value in points else None
    offered = {YES, NO} if question.kind is QuestionKind.YES_NO else {option.id for option in question.options}
    return Answer(question.id, Outcome.ANSWERED, option=value) if value in offered else None


def _printable(text: str) -> str:
    """Without control characters other than line ends, which no keyboard sends and no database keeps."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in lines if letter == "\n" or unicodedata.category(letter) not in {"Cc", "Cs"})
