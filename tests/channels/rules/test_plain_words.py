from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.rules.plain_words import distance, fold, shortened, undisguised, words_of


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Don't STOP", "dont stop"),
        ("UDERZYŁ żółć", "uderzyl zolc"),
        ("I.P.A.??", "ipa"),
        ("k i l l", "kill"),
        ("e-mail me", "e mail me"),
        ("ﺑﻨﺪ کریں", "بند کرین"),
        ("ＳＴＯＰ", "stop"),
        ("ki\u200bll", "kill"),
        ("\U0001f44d", ""),
        ("", ""),
    ],
)
def test_text_is_read_in_one_plain_form(text: str, plain: str) -> None:
    assert fold(text) == plain


def test_letters_of_other_keyboards_are_the_same_letters() -> None:
    arabic_keyboard = "مجهي كيا"
    urdu_keyboard = "مجھی کیا"
    assert fold(arabic_keyboard) == fold(urdu_keyboard)


@pytest.mark.parametrize(
    ("text", "plain"),
    [("k!ll", "kill"), ("su1c1de", "suicide"), ("r@pe", "rape"), ("4buse", "abuse"), ("at 3pm", "at epm"), ("5", "5")],
)
def test_signs_inside_words_are_read_as_letters(text: str, plain: str) -> None:
    assert fold(undisguised(text)) == plain


@pytest.mark.parametrize(
    ("word", "meant"), [("pleeeease", "please"), ("kiiiilll", "kill"), ("killll", "kill"), ("stopp", "stopp")]
)
def test_letters_drawn_out_may_be_one_or_two(word: str, meant: str) -> None:
    assert meant in shortened(word)


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("kill", "kill", 0), ("sotp", "stop", 1), ("suiside", "suicide", 1), ("abc", "xyz", 3), ("a", "abcdef", 3)],
)
def test_distance_counts_slips_up_to_its_limit(one: str, other: str, count: int) -> None:
    assert distance(one, other, at_most=2) == count


@given(st.text(max_size=12), st.text(max_size=12))
def test_distance_is_always_the_same_from_both_sides(one: str, other: str) -> None:
    assert distance(one, other, at_most=3) == distance(other, one, at_most=3)


@given(st.text(max_size=200))
def test_words_always_lie_in_the_text_in_order(text: str) -> None:
    end = 0
    for word in words_of(text):
        assert end <= word.start < word.end <= len(text)
        assert word.plain
        end = word.end


@given(st.text(max_size=200))
def test_undoing_a_disguise_never_changes_the_length(text: str) -> None:
    assert len(undisguised(text)) == len(text)


@given(st.text(max_size=100))
def test_plain_form_is_always_its_own_plain_form_but_for_letters_spelled_out(text: str) -> None:
    once = fold(text)
    assert fold(fold(once)) == fold(once)
