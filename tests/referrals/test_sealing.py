from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime

import pytest
from cryptography.fernet import Fernet, InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from kernel.keys import Keys
from referrals.model import AnswerFile, Costs, DeclineCode, Response, ResponseKind
from referrals.rules.sealing import PURPOSE, checksum, seal, unseal

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
KEY = Keys("one secret").derive(PURPOSE)
UNSPLIT = Costs(unsplit=48_000)
WITH_CONDITIONS, MORE_INFORMATION = ResponseKind.OFFER_WITH_CONDITIONS, ResponseKind.NEED_MORE_INFORMATION
pounds = st.integers(0, 10**6)
files = st.builds(AnswerFile, st.text(), st.text(max_size=20), st.just("pdf"), pounds, st.just("a" * 64))
responses = st.builds(
    Response,
    st.sampled_from(ResponseKind),
    st.none() | st.sampled_from(DeclineCode),
    st.text(max_size=60),
    st.none() | st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.none() | st.builds(Costs, pounds, pounds, pounds, pounds),
    st.text(max_size=60),
    st.text(max_size=60),
    st.lists(files, max_size=3).map(tuple),
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
    sealed = seal(KEY, Response(ResponseKind.OFFER, starts_on=date(2027, 1, 4), costs=Costs(education=48_000)), NOW)
    with pytest.raises(InvalidToken):
        unseal(Keys("another secret").derive(PURPOSE), sealed)
    middle = len(sealed) // 2
    changed = sealed[:middle] + ("A" if sealed[middle] != "A" else "B") + sealed[middle + 1 :]
    with pytest.raises(InvalidToken):
        unseal(KEY, changed)
    assert checksum(changed) != checksum(sealed)


@pytest.mark.parametrize(
    ("kind", "words", "cost", "read"),
    [
        ("offer", "A class of six.", 48_000, Response(ResponseKind.OFFER, words="A class of six.", costs=UNSPLIT)),
        ("offer_with_conditions", "Escort.", 48_000, Response(WITH_CONDITIONS, conditions="Escort.", costs=UNSPLIT)),
        ("need_more_information", "A lift?", None, Response(MORE_INFORMATION, information_wanted="A lift?")),
        ("decline", "Full.", None, Response(ResponseKind.DECLINE, DeclineCode.NO_PLACE, "Full.")),
    ],
)
def test_an_answer_from_before_costs_had_parts_still_opens(
    kind: str, words: str, cost: int | None, read: Response
) -> None:
    """R23"""
    code = "no_place" if kind == "decline" else None
    plain = {"kind": kind, "decline_code": code, "words": words, "starts_on": None, "yearly_cost": cost}
    box = Fernet(base64.urlsafe_b64encode(KEY))
    assert unseal(KEY, box.encrypt(json.dumps(plain).encode()).decode()) == read


def test_the_length_of_a_sealed_answer_tells_no_decline_from_an_offer() -> None:
    """R21"""
    decline = Response(ResponseKind.DECLINE, DeclineCode.NO_PLACE)
    costs = Costs(education=40_000, care=1_000_000, therapy=9, transport=3)
    offer = Response(ResponseKind.OFFER, None, "A class of six." * 20, date(2027, 1, 4), costs)
    assert len(seal(KEY, decline, NOW)) == len(seal(KEY, offer, NOW))
