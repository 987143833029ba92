from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from cryptography.fernet import InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from kernel.keys import Keys
from referrals.model import DeclineCode, Response, ResponseKind
from referrals.rules.sealing import PURPOSE, checksum, seal, unseal

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
KEY = Keys("one secret").derive(PURPOSE)
responses = st.builds(
    Response,
    st.sampled_from(ResponseKind),
    st.none() | st.sampled_from(DeclineCode),
    st.text(max_size=60),
    st.none() | st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.none() | st.integers(1, 10**6),
)


@given(responses)
def test_what_is_sealed_comes_back_whole(response: Response) -> None:
    """R21"""
    assert unseal(KEY, seal(KEY, response, NOW)) == response


def test_the_sealed_response_shows_nothing_of_its_content() -> None:
    """R21: neither the words nor, by equal ciphertexts or checksums, that two responses are equal."""
    response = Response(ResponseKind.DECLINE, DeclineCode.PEER_MIX, "Too many of the same age.")
    first, second = seal(KEY, response, NOW), seal(KEY, response, NOW)
    assert first != second
    assert checksum(first) != checksum(second)
    for word in ("decline", "peer_mix", "same age"):
        assert word not in first


def test_another_key_or_a_changed_response_does_not_open() -> None:
    """R21"""
    sealed = seal(KEY, Response(ResponseKind.OFFER, starts_on=date(2027, 1, 4), yearly_cost=48_000), NOW)
    with pytest.raises(InvalidToken):
        unseal(Keys("another secret").derive(PURPOSE), sealed)
    middle = len(sealed) // 2
    changed = sealed[:middle] + ("A" if sealed[middle] != "A" else "B") + sealed[middle + 1 :]
    with pytest.raises(InvalidToken):
        unseal(KEY, changed)
    assert checksum(changed) != checksum(sealed)
