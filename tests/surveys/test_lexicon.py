import json
from collections import Counter
from importlib.resources import files

import pytest

from surveys.rules.check_definition import MOST_OPTIONS
from surveys.rules.lexicon import LONGEST_PHRASE, Meaning, lexicon, spoken_languages
from surveys.rules.plain_words import words

LISTS = [meaning.value for meaning in Meaning if meaning not in {Meaning.NUMBER, Meaning.UNKNOWN}]


def content(language: str) -> dict[str, list[str]]:
    source = files("surveys.rules").joinpath("words", f"{language}.json")
    found: dict[str, list[str]] = json.loads(source.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("language", spoken_languages())
def test_no_phrase_of_a_language_has_two_meanings(language: str) -> None:
    """Else the order of the lists would decide what it means."""
    lists = content(language)
    given = Counter(
        words(phrase) for name in [*LISTS, "numbers"] for phrase in {words(p): p for p in lists[name]}.values()
    )
    assert [phrase for phrase, count in given.items() if count > 1] == []


@pytest.mark.parametrize("language", spoken_languages())
def test_every_phrase_can_be_found(language: str) -> None:
    for name in LISTS:
        for phrase in content(language)[name]:
            assert 1 <= len(words(phrase)) <= LONGEST_PHRASE, phrase
            assert [mark.meaning for mark in lexicon(language).scan(phrase)] == [Meaning(name)], phrase


@pytest.mark.parametrize("language", spoken_languages())
def test_there_are_marks_for_as_many_options_as_a_choice_may_have(language: str) -> None:
    assert len(set(lexicon(language).marks)) == MOST_OPTIONS


def test_words_that_mean_something_else_elsewhere_stay_at_home() -> None:
    polish, urdu, english = lexicon("pl"), lexicon("ur"), lexicon("en")
    assert polish.senses[("no",)].meaning is Meaning.FILLER
    assert urdu.senses[("do",)].number == 2
    assert ("do",) not in english.senses
    assert english.senses[words("جی ہاں")].meaning is Meaning.YES
