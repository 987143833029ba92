from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.knowledge import reader, terms
from chatbot.model import AsksForHelp, AskWhich, Courtesy, NotUnderstood, Understanding, Understood

SAFETY = Path(__file__).parents[1] / "channels" / "rules"
LONGEST_TEXT = 10_000
SLOWEST_S = 2.0  # under 0.1 s here; the ceiling only tells linear from worse on a busy machine

TEXTS = tomllib.loads(Path(__file__).with_name("questions.toml").read_text(encoding="utf-8"))
OTHERS: dict[str, list[str]] = TEXTS["others"]


def asked(table: dict[str, str]) -> list[tuple[str, tuple[str, ...]]]:
    return [(text, tuple(keys.split())) for text, keys in table.items()]


def understand(text: str) -> Understanding:
    return reader().understand(text)


@pytest.mark.parametrize(
    ("language", "text", "keys"),
    [(language, text, keys) for language, table in TEXTS["asked"].items() for text, keys in asked(table)],
)
def test_questions_are_understood_with_their_language(language: str, text: str, keys: tuple[str, ...]) -> None:
    assert understand(text) == Understood(keys, language)


@pytest.mark.parametrize(("text", "keys"), asked(TEXTS["names_alone"]))
def test_a_name_alone_is_a_question(text: str, keys: tuple[str, ...]) -> None:
    assert understand(text) == Understood(keys)


@pytest.mark.parametrize(("text", "keys"), asked(TEXTS["misspelt"]))
def test_slips_are_forgiven_in_longer_names(text: str, keys: tuple[str, ...]) -> None:
    assert understand(text) == Understood(keys, "en")


@pytest.mark.parametrize("text", OTHERS["for_a_person"])
def test_what_is_not_a_question_about_a_word_is_for_a_person(text: str) -> None:
    assert understand(text) == NotUnderstood()


@pytest.mark.parametrize("text", OTHERS["thanks"])
def test_thanks_are_a_courtesy(text: str) -> None:
    assert understand(text) == Courtesy()


@pytest.mark.parametrize("text", OTHERS["hello"])
def test_a_hello_asks_what_this_is_for(text: str) -> None:
    assert understand(text) == AsksForHelp()


@pytest.mark.parametrize(
    "text",
    [
        "what is an EHCP? my son needs one",
        "what is ehcp my son needs one",
        "Hi what is an EHCP, my son's school mentioned it",
        "what is an EHCP and how do i get one",
        "my daughter has an EHCP what does that mean",
        "I got a letter about an EHCP. What is that?",
        "moja córka ma EHCP co to znaczy",
    ],
)
def test_what_is_said_beside_the_question_is_left_to_a_person(text: str) -> None:
    understood = understand(text)
    assert isinstance(understood, Understood)
    assert understood.keys == ("ehcp",)
    assert understood.leaves_rest


def test_no_more_terms_are_explained_than_one_answer_holds() -> None:
    assert understand("what do RAG, DSL, LADO, MASH mean") == Understood(("rag", "dsl", "lado"), "en", leaves_rest=True)


@pytest.mark.parametrize("text", ["ISS", "what is ISS?", "co to jest ISS", "ISS کیا ہے"])
def test_a_name_with_two_meanings_is_asked_back(text: str) -> None:
    which = understand(text)
    assert isinstance(which, AskWhich)
    assert which.name == "ISS"
    assert which.keys == ("independent_special_school", "independent_school_standards")


@pytest.mark.parametrize("key", [term.key for term in terms()])
def test_every_name_of_every_term_is_understood(key: str) -> None:
    term = next(term for term in terms() if term.key == key)
    for name in (*term.names, *term.everyday):
        for text in (name, name.upper(), f"what is {name}?", f"co to jest {name}?", f"{name} کیا ہے؟"):
            understood = understand(text)
            assert isinstance(understood, Understood | AskWhich), text
            assert key in understood.keys, text


def test_no_worrying_text_is_ever_taken_for_a_question() -> None:
    """Safety is asked first, and here too nothing that could be a worry gets an explanation or is ignored."""
    for name in ("safety_examples.toml", "safety_unseen.toml"):
        labelled = tomllib.loads((SAFETY / name).read_text(encoding="utf-8"))
        texts = [
            text for label in ("worrying", "in_passing") for some in labelled.get(label, {}).values() for text in some
        ]
        assert [text for text in texts if understand(text) != NotUnderstood()] == []


@settings(deadline=None)  # reading the lists for the first time takes its time
@given(st.text(max_size=400))
def test_reading_never_raises(text: str) -> None:
    understand(text)


@settings(deadline=None)  # reading the lists for the first time takes its time
@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz ", max_size=60))
def test_a_sentence_about_somebody_is_never_answered_alone(text: str) -> None:
    understood = understand(f"my son {text}")
    assert not isinstance(understood, Understood) or understood.leaves_rest


@pytest.mark.parametrize(
    "text",
    [
        "what is an IPA " * (LONGEST_TEXT // 15),
        "IPA, " * (LONGEST_TEXT // 5),
        "education health and " * (LONGEST_TEXT // 21),
        "a" * LONGEST_TEXT,
        "what is " * (LONGEST_TEXT // 8),
        " ".join(f"commis{number}ioning" for number in range(LONGEST_TEXT // 16)),
    ],
    ids=["questions", "names", "halves of names", "one letter", "frames", "slips"],
)
def test_a_long_text_takes_bounded_time(text: str) -> None:
    understand("")
    started = time.perf_counter()
    understand(text)
    assert time.perf_counter() - started < SLOWEST_S
