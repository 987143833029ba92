"""What must be right about a definition before anybody is asked."""

from collections import Counter
from collections.abc import Iterator

from surveys.model import FALLBACK_LANGUAGE, Definition, Question, QuestionKind
from surveys.rules.plain_words import words

MOST_OPTIONS = 9
"""Options are answered by one letter, or by one figure where the person's script has other letters."""
_LEAST_OPTIONS = 2
_POINTS = range(2, 11)


def problems(definition: Definition) -> tuple[str, ...]:
    """What is wrong, in plain English, one sentence each; empty for a definition that can be used."""
    return tuple(_of_definition(definition)) + tuple(
        f"Question {number}: {problem}"
        for number, question in enumerate(definition.questions, 1)
        for problem in _of_question(question)
    )


def _of_definition(definition: Definition) -> Iterator[str]:
    if not definition.asked:
        yield "There is no question to answer."
    if not definition.title.by_language.get(FALLBACK_LANGUAGE):
        yield "The title needs an English text."
    for question_id, count in Counter(question.id for question in definition.questions).items():
        if count > 1:
            yield f"The id {question_id} is used {count} times."


def _of_question(question: Question) -> Iterator[str]:
    if not question.text.by_language.get(FALLBACK_LANGUAGE):
        yield "it needs an English text."
    if question.kind is QuestionKind.SCALE:
        yield from _of_scale(question)
    if question.kind is QuestionKind.CHOICE:
        yield from _of_options(question)
    elif question.options:
        yield "only a choice has options."


def _of_scale(question: Question) -> Iterator[str]:
    if question.points not in _POINTS:
        yield f"a scale has {_POINTS.start} to {_POINTS.stop - 1} points."
    ends = (question.low, question.high)
    if not all(end.by_language.get(FALLBACK_LANGUAGE) for end in ends):
        yield "say in English what the lowest and the highest point mean."


def _of_options(question: Question) -> Iterator[str]:
    if not _LEAST_OPTIONS <= len(question.options) <= MOST_OPTIONS:
        yield f"a choice has {_LEAST_OPTIONS} to {MOST_OPTIONS} options."
    if len({option.id for option in question.options}) < len(question.options):
        yield "two options have the same id."
    for language in sorted({language for option in question.options for language in option.label.by_language}):
        labels = [words(option.label.in_language(language)) for option in question.options]
        if len(set(labels)) < len(labels) or not all(labels):
            yield f"in the language {language} two options read the same, or one is empty."
