from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.rules.safety import Worry, WorryKind, worry_in

HERE = Path(__file__).parent
LANGUAGES = ("en", "pl", "ur")
PRECISION_FLOOR = 0.95
LONGEST_TEXT = 10_000
SLOWEST_S = 2.0  # about 0.1 s here; the ceiling only tells linear from worse on a busy machine


def texts(name: str, label: str) -> list[tuple[str, str]]:
    labelled: dict[str, dict[str, list[str]]] = tomllib.loads((HERE / name).read_text(encoding="utf-8"))
    return [(language, text) for language, some in labelled[label].items() for text in some]


@pytest.mark.parametrize(("language", "text"), texts("safety_examples.toml", "worrying"))
def test_v9_every_worrying_example_is_found(language: str, text: str) -> None:
    assert worry_in(text, language) is not None


@pytest.mark.parametrize(("language", "text"), texts("safety_examples.toml", "worrying"))
def test_v9_a_worry_is_found_whatever_language_we_believe_they_speak(language: str, text: str) -> None:
    """Misspelt words may be missed in a language that the person is not known to speak, so English texts only."""
    if language == "en":
        assert all(worry_in(text, other) is not None for other in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["safety_examples.toml", "safety_unseen.toml"])
def test_v9_harmless_texts_seldom_alarm(name: str, language: str) -> None:
    worrying = [text for code, text in texts(name, "worrying") if code == language]
    harmless = [text for code, text in texts(name, "harmless") if code == language]
    found = sum(worry_in(text, language) is not None for text in worrying)
    raised = sum(worry_in(text, language) is not None for text in harmless)
    assert found / (found + raised) >= PRECISION_FLOOR


def test_v9_what_is_said_plainly_is_found_in_texts_never_seen_before() -> None:
    unseen = texts("safety_unseen.toml", "worrying")
    found = sum(worry_in(text, language) is not None for language, text in unseen)
    assert found / len(unseen) >= 0.95


def test_examples_are_many_enough() -> None:
    assert len(texts("safety_examples.toml", "worrying")) >= 40
    assert len(texts("safety_examples.toml", "harmless")) >= 60


def test_the_gravest_kind_is_named_and_all_words_are_shown_as_written() -> None:
    worry = worry_in("She is HUNGRY, and wants to... die!", "en")
    assert worry is not None
    assert worry.kind is WorryKind.SUICIDE
    assert worry.words == ("HUNGRY", "wants to... die", "die")


def test_a_harmless_phrase_hides_only_itself() -> None:
    assert worry_in("this hits the spot", "en") is None
    assert worry_in("this hits the spot but he hits me", "en") is not None
    assert worry_in("he is dying to start school", "en") is None
    assert worry_in("he is dying to kill himself", "en") is not None


@pytest.mark.parametrize("text", ["help me", "Help me!!", "please help me", "h e l p m e", "pomocy", "میری مدد کرو"])
def test_a_cry_for_help_is_a_worry(text: str) -> None:
    assert worry_in(text, "en") is not None


@pytest.mark.parametrize("text", ["HELP", "help", "can you help me fill in the form?", "pomoc", "مدد"])
def test_asking_how_this_works_is_no_worry(text: str) -> None:
    assert worry_in(text, "en") is None


@pytest.mark.parametrize(
    "text",
    [
        "k1ll me",
        "k.i.l.l me",
        "k*ll me",
        "KILL ME",
        "kiiiilll me",
        "ｋｉｌｌ me",
        "suiside",
        "sucidal",
        "he is absuing me",
    ],
)
def test_disguises_and_slips_do_not_hide_a_worry(text: str) -> None:
    assert worry_in(text, "en") is not None


@settings(deadline=None)  # reading the lists for the first time takes its time
@given(st.text(max_size=400), st.sampled_from(["en", "pl", "ur", "xx", ""]))
def test_reading_never_raises_and_quotes_the_text(text: str, language: str) -> None:
    worry = worry_in(text, language)
    assert worry is None or (isinstance(worry, Worry) and all(words in text for words in worry.words))


@settings(deadline=None)  # reading the lists for the first time takes its time
@given(st.text(max_size=60), st.text(max_size=60))
def test_a_plain_cry_is_always_found_whatever_stands_around_it(before: str, after: str) -> None:
    assert worry_in(f"{before}\n* I want to kill myself *\n{after}", "en") is not None


@pytest.mark.parametrize(
    "text",
    [
        "hit " * (LONGEST_TEXT // 4),
        "a" * LONGEST_TEXT,
        "a*" * (LONGEST_TEXT // 2),
        "k i l l " * (LONGEST_TEXT // 8),
        "want to wish to " * (LONGEST_TEXT // 16),
        " ".join(f"stra{number}gled" for number in range(LONGEST_TEXT // 11)),
        "مار " * (LONGEST_TEXT // 4),
        "\u0301" * LONGEST_TEXT,
    ],
    ids=["one word", "one letter", "stars", "spelled out", "starts", "slips", "urdu", "accents"],
)
def test_a_long_text_takes_bounded_time(text: str) -> None:
    worry_in("", "ur")
    started = time.perf_counter()
    worry_in(text, "ur")
    assert time.perf_counter() - started < SLOWEST_S
