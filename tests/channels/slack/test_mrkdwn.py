from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.slack.mrkdwn import escape, plain, with_links


@given(st.text())
def test_no_value_ever_calls_a_channel(value: str) -> None:
    shown = with_links(f"{value} <!channel> <@U012OTHER> {value}")
    assert "<!" not in shown
    assert "<@" not in shown
    assert "<#" not in shown


@given(st.text(alphabet="<>&;amplgtx "))
def test_what_is_escaped_comes_back_as_it_was(value: str) -> None:
    assert plain(escape(value)) == value


def test_web_addresses_become_links_and_nothing_else_does() -> None:
    shown = with_links("Answer by Friday (https://hub.example.org/l/abc?a=1&b=2). A < B & C")
    assert shown == "Answer by Friday (<https://hub.example.org/l/abc?a=1&amp;b=2>). A &lt; B &amp; C"
    assert with_links("https://example.org/a|b") == "<https://example.org/a%7Cb>"


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<https://example.org/x|example.org/x>", "example.org/x"),
        ("<https://example.org/x>", "https://example.org/x"),
        ("<https://example.org/x|our page>", "our page (https://example.org/x)"),
        ("<mailto:sam@example.org|sam@example.org>", "sam@example.org"),
        ("<tel:+447700900123|+44 7700 900123>", "+44 7700 900123 (+447700900123)"),
        ("<@U012OTHER> <@U012OTHER|sam> <#C012|visits> <!here> <!subteam^S1|@qa>", "@U012OTHER @sam #visits @here @qa"),
        ("1 &lt; 2", "1 < 2"),
    ],
)
def test_what_slack_hands_on_is_read_as_typed(sent: str, typed: str) -> None:
    assert plain(sent) == typed
