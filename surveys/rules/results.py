"""From counts to what may be shown of each question."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from surveys.model import NO, YES, Definition, Outcome, Question, QuestionKind
from surveys.rules.suppression import Group, Shown, protect, protect_groups

NO_ANSWER = "no_answer"
IN_OWN_WORDS = "in_own_words"


@dataclass(frozen=True)
class Tally:
    """How many in one language settled one question in one way."""

    question_id: str
    language: str
    outcome: Outcome
    number: int | None
    option: str | None
    count: int


@dataclass(frozen=True)
class QuestionResult:
    """What may be shown of one question. keys name the cells; languages are those of groups, in their order."""

    question: Question
    keys: tuple[str, ...]
    shown: Shown
    languages: tuple[str, ...]
    groups: tuple[Group, ...]


def tabulate(
    definition: Definition, tallies: Iterable[Tally], respondents: Mapping[str, int]
) -> tuple[QuestionResult, ...]:
    """The results of all questions; empty where fewer than five have answered.

    respondents counts persons by language. Whoever left a question out counts as no answer to it, so that every
    question has the same base and no small count hides in the difference of two.
    """
    cells: Counter[tuple[str, str, str]] = Counter()
    for tally in tallies:
        cells[tally.question_id, tally.language, _key(tally)] += tally.count
    languages = tuple(sorted(respondents))
    results = (_result(question, languages, cells, respondents) for question in definition.asked)
    return tuple(result for result in results if result is not None)


def _key(tally: Tally) -> str:
    if tally.outcome is not Outcome.ANSWERED:
        return NO_ANSWER
    if tally.number is not None:
        return str(tally.number)
    return tally.option or IN_OWN_WORDS


def cell_keys(question: Question) -> tuple[str, ...]:
    """The names of a question's cells, in the order in which they are shown."""
    match question.kind:
        case QuestionKind.SCALE:
            keys = tuple(str(point) for point in range(1, question.points + 1))
        case QuestionKind.YES_NO:
            keys = (YES, NO)
        case QuestionKind.CHOICE:
            keys = tuple(option.id for option in question.options)
        case _:
            keys = (IN_OWN_WORDS,)
    return (*keys, NO_ANSWER)


def _result(
    question: Question,
    languages: tuple[str, ...],
    cells: Counter[tuple[str, str, str]],
    respondents: Mapping[str, int],
) -> QuestionResult | None:
    keys = cell_keys(question)
    rows = []
    for language in languages:
        answered = [cells[question.id, language, key] for key in keys[:-1]]
        rows.append((*answered, respondents[language] - sum(answered)))
    shown = protect([sum(column) for column in zip(*rows, strict=True)])
    if shown is None:
        return None
    return QuestionResult(question, keys, shown, languages, protect_groups(rows, shown))
