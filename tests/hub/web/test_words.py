from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from hub.web.words import linked


def test_makes_addresses_into_links() -> None:
    assert linked("See https://hub.example.org/l/a_b-1. Thank you") == (
        'See <a class="govuk-link" href="https://hub.example.org/l/a_b-1" dir="ltr">https://hub.example.org/l/a_b-1</a>'
        ". Thank you"
    )


def test_an_address_cannot_carry_markup() -> None:
    assert "<script>" not in linked('https://x.example.org/"><script>alert(1)</script>')


@given(st.text(alphabet=st.characters(codec="utf-8")).filter(lambda text: "http" not in text))
def test_whatever_is_no_address_is_always_escaped(text: str) -> None:
    assert linked(text) == escape(text)


@given(st.text(alphabet="htps:/<>\"'& .ax"))
def test_markup_never_gets_through(text: str) -> None:
    shown = str(linked(text))
    for ours in ('<a class="govuk-link" href="', '" dir="ltr">', "</a>"):
        shown = shown.replace(ours, "")
    assert not set(shown) & set("<>\"'")
