from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.rules.direction import begin_on_the_right

MARK = "\N{RIGHT-TO-LEFT MARK}"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("EHCP ایک قانونی منصوبہ ہے۔", f"{MARK}EHCP ایک قانونی منصوبہ ہے۔"),
        ("1 سے 5 تک ایک نمبر لکھیں۔", "1 سے 5 تک ایک نمبر لکھیں۔"),
        ("شکریہ۔ Sefton", "شکریہ۔ Sefton"),
        ("https://hub.example.org/l/x", "https://hub.example.org/l/x"),
        (
            "STOP لکھیں\nhttps://hub.example.org\nIPA کیا ہے",
            f"{MARK}STOP لکھیں\nhttps://hub.example.org\n{MARK}IPA کیا ہے",
        ),
        ("", ""),
    ],
)
def test_a_line_in_urdu_begins_on_the_right_whatever_letter_comes_first(text: str, wanted: str) -> None:
    """A phone lays each line out by its first letter: EHCP at its head would turn the order of the words round."""
    assert begin_on_the_right(text) == wanted


@given(st.text(alphabet="aB1 .\nہے", max_size=30))
def test_nothing_else_ever_changes(text: str) -> None:
    written = begin_on_the_right(text)
    assert written.replace(MARK, "") == text
    assert begin_on_the_right(written) == written
