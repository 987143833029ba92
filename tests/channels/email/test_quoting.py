from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.plain import from_html
from channels.email.quoting import split

QUOTED = "> Would Tuesday suit you?\n> Reply YES or NO."
ANNOUNCED = [
    "On Mon, 23 Nov 2026 at 10:00, Co-production Hub <hub@hub.example.org> wrote:",
    "On Mon, 23 Nov 2026 at 10:00, Co-production Hub\n<hub@hub.example.org> wrote:",
    "pon., 23 lis 2026 o 10:00 Co-production Hub <hub@hub.example.org>\nnapisał(a):",
    "Dnia 23 listopada 2026 10:00 Co-production Hub napisał(a):",
    "23 نومبر 2026 10:00 Co-production Hub <hub@hub.example.org> نے لکھا:",
]


@pytest.mark.parametrize("announced", ANNOUNCED)
@pytest.mark.parametrize("answer", ["YES", "Tak, pasuje.\n\nDziękuję", "جی ہاں"])
def test_what_is_quoted_below_is_left_out(announced: str, answer: str) -> None:
    said = split(f"{answer}\n\n{announced}\n{QUOTED}\n")
    assert said.new == answer
    assert "Would Tuesday suit you?" in said.repeated


def test_outlooks_quotation_is_left_out() -> None:
    outlook = (
        "From: Hub <hub@hub.example.org>\nSent: 23 November 2026 10:00\nTo: A Parent\nSubject: A visit\n\nWould it?"
    )
    said = split(f"Yes please\n\n{outlook}")
    assert said.new == "Yes please"
    assert "Would it?" in said.repeated


def test_answers_below_and_between_quoted_lines_are_kept() -> None:
    said = split(f"Hello,\n\n{ANNOUNCED[0]}\n> Does Tuesday suit?\nNo, Friday.\n> Is all well?\nHe was hurt.")
    assert said.new.split("\n") == ["Hello,", "No, Friday.", "He was hurt."] or all(
        word in said.new for word in ("Hello,", "No, Friday.", "He was hurt.")
    )
    assert ">" not in said.new
    below = split(f"{ANNOUNCED[0]}\n{QUOTED}\n\nYes, it does.")
    assert below.new == "Yes, it does."


def test_only_what_is_plainly_a_signature_is_left_out() -> None:
    assert split("4\n\nSent from my iPhone").new == "4"
    assert split("4\n\nWysłano z mojego telefonu").new == "4"
    assert split("Yes\n-- \nA Parent\n07700 900123").new == "Yes"
    assert split("Yes\n-- \nA Parent").repeated == "--\nA Parent"
    assert split("Thanks, he is happier.\nBut he was hurt.").new == "Thanks, he is happier.\nBut he was hurt."
    assert split("Two things:\n- one\n- two").new == "Two things:\n- one\n- two"
    assert split("Kind regards,\nplease ring me").new == "Kind regards,\nplease ring me"


def test_a_mail_without_new_words_is_kept_whole() -> None:
    assert split(QUOTED).new == QUOTED
    assert split("").new == ""
    assert split("Sent from my iPhone").new == "Sent from my iPhone"


LINES = st.lists(st.sampled_from(["yes", "", "> quoted", "-- ", "On Monday at 10:00 x wrote:", "From: a", "- b"]))


@settings(deadline=None)
@given(LINES)
def test_a_line_that_nothing_quotes_or_announces_is_never_lost(lines: list[str]) -> None:
    said = split("\n".join(lines))
    assert f"{said.new}\n{said.repeated}".count("yes") == lines.count("yes")


@pytest.mark.parametrize(
    "text",
    [
        "On " + "a " * 40_000,
        "On a\n" * 20_000,
        ">" * 100_000,
        "From: a\n" * 1_000,
        "mail " * 2_000,
        "CAUTION: mail" * 700,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    start = time.thread_time()
    split(text)
    assert time.thread_time() - start < 5


def test_html_becomes_lines() -> None:
    html = (
        "<html><head><title>x</title><style>p{}</style></head><body><p>Yes &amp; no,<br>it&nbsp;is <b>fine</b>.</p>"
        "<div>On Monday at 10:00 Hub wrote:<blockquote>Does it <i>suit</i>?<br>Say so.</blockquote></div>"
        "<script>alert('<p>x</p>')</script></body></html>"
    )
    said = split(from_html(html))
    assert said.new == "Yes & no,\nit is fine."
    assert said.repeated.split("\n")[1:] == ["> Does it suit?", "> Say so."]


@pytest.mark.parametrize(
    "html", ["<" * 200_000, "<a " * 100_000, "<!--" * 100_000, "<blockquote>" * 50_000, "&" * 300_000]
)
def test_no_html_takes_long(html: str) -> None:
    start = time.thread_time()
    from_html(html)
    assert time.thread_time() - start < 5


@settings(deadline=None)
@given(st.text())
def test_html_never_raises(html: str) -> None:
    assert isinstance(from_html(html), str)
