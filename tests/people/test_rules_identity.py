from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.rules.identity import Trust, believed_email, is_multi_factor

OURS = Trust(domains=("council.example.org",))
VOUCHING = Trust(domains=("council.example.org",), vouches=True)
_EMAILS = st.sampled_from(
    [
        "a@council.example.org",
        "a@other.example.org",
        "a@COUNCIL.example.org",
        "a",
        "",
        "a@b@council.example.org",
        None,
        7,
    ]
)


@pytest.mark.parametrize(
    ("claims", "trust", "believed"),
    [
        ({"email": "Nadia@Council.example.org", "email_verified": True}, OURS, "nadia@council.example.org"),
        ({"email": "nadia@council.example.org", "email_verified": "true"}, OURS, "nadia@council.example.org"),
        ({"email": "nadia@council.example.org"}, OURS, None),
        ({"email": "nadia@council.example.org", "email_verified": False}, OURS, None),
        ({"email": "nadia@council.example.org", "email_verified": "false"}, OURS, None),
        ({"email": "nadia@council.example.org", "email_verified": 1}, OURS, None),
        ({"email": "nadia@other.example.org", "email_verified": True}, OURS, None),
        ({"email": "nadia@council.example.org"}, VOUCHING, "nadia@council.example.org"),
        ({"email": "nadia@other.example.org"}, VOUCHING, None),
        ({"email": "nadia@sub.council.example.org"}, VOUCHING, None),
        ({"email": "nadia@other.example.org", "email_verified": True}, Trust(), "nadia@other.example.org"),
        ({"email": "nadia@other.example.org"}, Trust(vouches=True), None),
        ({"email": "a@b@council.example.org", "email_verified": True}, OURS, None),
        ({"email": ["nadia@council.example.org"], "email_verified": True}, OURS, None),
        ({}, VOUCHING, None),
    ],
)
def test_an_address_picks_an_account_only_if_somebody_answers_for_it(
    claims: dict[str, Any], trust: Trust, believed: str | None
) -> None:
    assert believed_email(claims, trust) == believed


@given(_EMAILS, st.sampled_from([True, False, "true", "false", None, 1, 0]), st.booleans())
def test_never_believes_an_address_outside_the_providers_domains(email: Any, verified: Any, vouches: bool) -> None:  # noqa: ANN401 - a token may hold anything
    claims = {"email": email, "email_verified": verified}
    believed = believed_email(claims, Trust(("council.example.org",), vouches))
    assert believed is None or believed.endswith("@council.example.org")


@pytest.mark.parametrize(
    ("claims", "is_strong"),
    [
        ({"amr": ["pwd", "mfa"]}, True),
        ({"amr": ["pwd"]}, False),
        ({"acr": "mfa"}, True),
        ({"acrs": ["c1", "mfa"]}, True),
        ({"amr": "mfa"}, True),
        ({"amr": {"mfa": True}}, False),
        ({"amr": None}, False),
        ({}, False),
    ],
)
def test_a_second_factor_elsewhere_counts_if_the_token_says_so(claims: dict[str, Any], is_strong: bool) -> None:
    assert is_multi_factor(claims, frozenset({"mfa"})) is is_strong


def test_where_no_word_counts_none_makes_a_session_strong() -> None:
    assert not is_multi_factor({"amr": ["mfa"], "acr": ""}, frozenset())
