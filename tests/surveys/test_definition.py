from dataclasses import replace

import pytest

from kernel.translation import LOCALES
from surveys.model import Definition, LocalText, Option, Question, QuestionKind
from surveys.rules.check_definition import problems
from surveys.rules.read_form import answer_from_form
from surveys.rules.ready_made_surveys import ready_made_surveys

TITLE = LocalText({"en": "Title"})
TEXT = LocalText({"en": "What?"})


def choice(*labels: str) -> Question:
    options = tuple(Option(f"o{at}", LocalText({"en": label})) for at, label in enumerate(labels))
    return Question("q", QuestionKind.CHOICE, TEXT, options)


def one(question: Question) -> Definition:
    return Definition("k", TITLE, (question,))


@pytest.mark.parametrize("definition", ready_made_surveys(), ids=lambda definition: definition.key)
def test_ready_made_surveys_can_be_asked_in_every_language(definition: Definition) -> None:
    assert problems(definition) == ()
    texts = [definition.title, *(question.text for question in definition.questions)]
    texts += [
        end
        for question in definition.questions
        if question.kind is QuestionKind.SCALE
        for end in (question.low, question.high)
    ]
    texts += [option.label for question in definition.questions for option in question.options]
    assert [text for text in texts if set(text.by_language) != set(LOCALES)] == []


@pytest.mark.parametrize("definition", ready_made_surveys(), ids=lambda definition: definition.key)
def test_a_definition_survives_json(definition: Definition) -> None:
    assert Definition.from_json(definition.to_json()) == definition


@pytest.mark.parametrize(
    ("definition", "problem"),
    [
        (Definition("k", TITLE, ()), "There is no question to answer."),
        (Definition("k", LocalText({"pl": "Tytuł"}), (Question("q", QuestionKind.TEXT, TEXT),)), "The title needs an"),
        (Definition("k", TITLE, (Question("q", QuestionKind.TEXT, TEXT),) * 2), "The id q is used 2 times."),
        (one(Question("q", QuestionKind.TEXT, LocalText({"ur": "کیا؟"}))), "it needs an English text."),
        (one(Question("q", QuestionKind.SCALE, TEXT)), "say in English what the lowest"),
        (one(Question("q", QuestionKind.SCALE, TEXT, points=11, low=TEXT, high=TEXT)), "a scale has 2 to 10 points."),
        (one(choice("Alone")), "a choice has 2 to 9 options."),
        (one(choice("Same", "same!")), "two options read the same"),
        (one(choice("Same", "...")), "or one is empty"),
        (one(replace(choice("A", "B"), kind=QuestionKind.YES_NO)), "only a choice has options."),
    ],
)
def test_what_cannot_be_asked_is_said_plainly(definition: Definition, problem: str) -> None:
    assert any(problem in found for found in problems(definition))


@pytest.mark.parametrize("value", ["", "0", "6", "4.0", "four", "yes", "\x00", "٤"])
def test_a_form_takes_only_what_it_offers(value: str) -> None:
    assert answer_from_form(ready_made_surveys()[0].questions[0], value) is None


def test_a_form_s_text_loses_only_what_no_keyboard_sends() -> None:
    answer = answer_from_form(ready_made_surveys()[0].questions[3], "  a\x00b\r\nپ\u200cچ 👍  ")
    assert answer is not None
    assert answer.text == "ab\nپ\u200cچ 👍"
