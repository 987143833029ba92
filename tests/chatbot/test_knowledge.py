from __future__ import annotations

import re

import pytest

from channels.rules.plain_words import fold
from channels.rules.segments import segments
from chatbot.knowledge import explain, explanations, terms
from kernel.translation import LOCALES

KEYS = [term.key for term in terms()]
LONGEST_SENTENCE_WORDS = 24
AVERAGE_SENTENCE_WORDS = 13
GRADE_OF_AGE_9 = 4.5
NAMES_FOR_ALL = re.compile(r"[A-Z]{2,}[a-z]?|[0-9]+|Ofsted|Independent School Standards")
TOLD_ABOUT_SAFETY = ("dsl", "lado")


@pytest.mark.parametrize("language", LOCALES)
def test_every_term_is_explained_in_every_language(language: str) -> None:
    assert list(explanations(language)) == KEYS
    for key in KEYS:
        explanation = explain(key, language)
        assert explanation.title
        assert explanation.short
        assert explanation.answer


def test_an_unknown_language_gets_english() -> None:
    assert explain("ipa", "xx") == explain("ipa", "en")


def test_an_unknown_term_is_an_error() -> None:
    with pytest.raises(KeyError):
        explain("nothing", "en")


@pytest.mark.parametrize("key", KEYS)
def test_the_short_answer_is_one_sms_in_english_and_two_elsewhere(key: str) -> None:
    english = segments(explain(key, "en").short)
    assert (english.encoding, english.count) == ("GSM-7", 1)
    assert segments(explain(key, "pl").short).count <= 2
    assert segments(explain(key, "ur").short).count <= 2


@pytest.mark.parametrize("key", KEYS)
def test_the_english_name_stays_in_every_language(key: str) -> None:
    """Letters and plans hold the English word, so an explanation must show it."""
    english = explain(key, "en").title
    head = fold(re.sub(r"\(.*\)", "", english))
    for language in ("pl", "ur"):
        translated = explain(key, language)
        assert head in fold(translated.title) or any(
            name in translated.title for name in NAMES_FOR_ALL.findall(english)
        )


def test_translations_are_not_english_left_over() -> None:
    for key in KEYS:
        english, polish, urdu = (explain(key, language) for language in LOCALES)
        assert len({english.short, polish.short, urdu.short}) == 3
        assert re.search("[\u0600-\u06ff]", urdu.short)
        assert re.search("[\u0600-\u06ff]", urdu.answer)


def sentences(text: str) -> list[list[str]]:
    return [re.findall(r"[\w'-]+", sentence) for sentence in re.split(r"[.!?:]+\s+|[.!?]$", text) if sentence.strip()]


def syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    return max(1, groups - (word.lower().endswith("e") and groups > 1))


def test_english_is_written_for_the_age_of_nine() -> None:
    """Over all answers, without the names themselves: the US school grade of Flesch and Kincaid's formula."""
    all_sentences = [sentence for key in KEYS for sentence in sentences(explain(key, "en").answer)]
    plain = [[word for word in sentence if not word.isupper()] for sentence in all_sentences]
    words = [word for sentence in plain for word in sentence]
    average = len(words) / len(plain)
    grade = 0.39 * average + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    assert average <= AVERAGE_SENTENCE_WORDS
    assert max(map(len, plain)) <= LONGEST_SENTENCE_WORDS
    assert grade <= GRADE_OF_AGE_9


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("key", TOLD_ABOUT_SAFETY)
def test_explanations_about_safety_say_999(key: str, language: str) -> None:
    assert "999" in explain(key, language).short
    assert "999" in explain(key, language).answer


def test_no_name_belongs_to_two_terms_but_for_the_one_that_does() -> None:
    seen: dict[str, set[str]] = {}
    for term in terms():
        for name in (*term.names, *term.everyday):
            seen.setdefault(fold(name), set()).add(term.key)
    assert {name: keys for name, keys in seen.items() if len(keys) > 1} == {
        "iss": {"independent_special_school", "independent_school_standards"}
    }
