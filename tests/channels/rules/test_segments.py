from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.rules.segments import Segments, plain, segments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("GSM-7", 0, 1)),
        ("a" * 160, Segments("GSM-7", 160, 1)),
        ("a" * 161, Segments("GSM-7", 161, 2)),
        ("a" * 306, Segments("GSM-7", 306, 2)),
        ("a" * 307, Segments("GSM-7", 307, 3)),
        ("€" * 80, Segments("GSM-7", 160, 1)),
        ("€" * 81, Segments("GSM-7", 162, 2)),
        ("a" * 152 + "€" + "a" * 10, Segments("GSM-7", 164, 2)),
        ("a" * 152 + "€" + "a" * 151, Segments("GSM-7", 305, 2)),
        ("a" * 152 + "€" + "a" * 152, Segments("GSM-7", 306, 3)),
        ("ż" * 70, Segments("UCS-2", 70, 1)),
        ("ż" * 71, Segments("UCS-2", 71, 2)),
        ("ż" * 134, Segments("UCS-2", 134, 2)),
        ("😀" * 35, Segments("UCS-2", 70, 1)),
        ("😀" * 36, Segments("UCS-2", 72, 2)),
        ("😀" * 67, Segments("UCS-2", 134, 3)),
        ("it’s", Segments("UCS-2", 4, 1)),
        ("^{}\\[~]|", Segments("GSM-7", 16, 1)),
    ],
)
def test_segments_as_the_standard_counts_them(text: str, expected: Segments) -> None:
    assert segments(text) == expected


def test_plain_signs_do_not_double_the_cost() -> None:
    assert segments(plain("It’s “fine” – really…")).encoding == "GSM-7"


@given(st.text(max_size=500))
def test_segments_always_hold_the_whole_text(text: str) -> None:
    found = segments(text)
    one, part = (160, 153) if found.encoding == "GSM-7" else (70, 67)
    assert found.units <= (one if found.count == 1 else part * found.count)
    assert found.count == 1 or found.units > one
