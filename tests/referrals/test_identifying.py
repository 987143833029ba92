from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.rules.identifying import Mark, identifying_text, is_nhs_number, unconfirmed


def found(text: str) -> list[tuple[Mark, str]]:
    return [(finding.mark, finding.text) for finding in identifying_text({"outcomes": text})]


@pytest.mark.parametrize(
    ("text", "mark", "what"),
    [
        ("Near M16 0RA if possible", Mark.POSTCODE, "M16 0RA"),
        ("near l209ag", Mark.POSTCODE, "l209ag"),
        ("number 943 476 5919 on file", Mark.NHS_NUMBER, "943 476 5919"),
        ("number 9434765919", Mark.NHS_NUMBER, "9434765919"),
        ("ten digits 9434765918", Mark.LONG_NUMBER, "9434765918"),
        ("pupil A123456789012", Mark.UPN, "A123456789012"),
        ("pupil h80120000101b", Mark.UPN, "h80120000101b"),
        ("ring 07700 900123", Mark.PHONE, "07700 900123"),
        ("ring +44 7700 900123", Mark.PHONE, "+44 7700 900123"),
        ("ring (0161) 496 0000", Mark.PHONE, "(0161) 496 0000"),
        ("write to parent@example.org", Mark.EMAIL, "parent@example.org"),
        ("born 03/04/2016", Mark.DATE, "03/04/2016"),
        ("born 3rd of April 2016", Mark.DATE, "3rd of April 2016"),
        ("born 2016-04-03", Mark.DATE, "2016-04-03"),
        ("born April 3, 2016", Mark.DATE, "April 3, 2016"),
        ("likes to be called A.K. by friends", Mark.INITIALS, "A.K."),
        ("lives with Amina Khan", Mark.NAME, "Amina Khan"),
        ("Amina needs a small class", Mark.NAME, "Amina"),
        ("Jakub reads for ten minutes a day.", Mark.NAME, "Jakub"),
        ("Quiet at first. Zara walks out when it is loud.", Mark.NAME, "Zara"),
        ("Ömer's brother is here", Mark.NAME, "Ömer's"),
        ("Works with Mrs Patel", Mark.NAME, "Patel"),
        ("now at Oakfield Primary", Mark.NAME, "Oakfield Primary"),
        ("AMINA likes trains", Mark.NAME, "AMINA"),
    ],
)
def test_what_identifies_is_found(text: str, mark: Mark, what: str) -> None:
    """R31"""
    assert found(text) == [(mark, what)]


@pytest.mark.parametrize(
    "text",
    [
        "Learns to ask for a break. Builds one friendship.",
        "Support with Speech and Language. EHCP in place, Key Stage 2, Year 5.",
        "Communicates in British Sign Language and Makaton on Mondays; reads Polish.",
        "Has ADHD. Staff must stay within 5 metres at 10 to 3.",
        "• Travels with one adult\n• Needs a quiet room",
        "Reads for ten minutes a day. Small classes help. Calm adults, short tasks. Takes turns in games.",
    ],
)
def test_plain_wording_is_left_alone(text: str) -> None:
    """R31"""
    assert found(text) == []


def test_a_finding_keeps_its_key_while_its_words_stay() -> None:
    """R31: what a person let stand need not be confirmed again, and says nothing of other words or fields."""
    (first,) = identifying_text({"outcomes": "Lives near Bolton"})
    (again,) = identifying_text({"outcomes": "Now lives not far from Bolton"})
    (elsewhere,) = identifying_text({"travel_zone": "Lives near Bolton"})
    assert first.key == again.key != elsewhere.key
    assert unconfirmed([again, elsewhere], {first.key}) == (elsewhere,)


@pytest.mark.parametrize(
    ("number", "good"), [("943 476 5919", True), ("9434765918", False), ("0000000000", True), ("94347659", False)]
)
def test_the_nhs_number_carries_its_check_digit(number: str, good: bool) -> None:
    assert is_nhs_number(number) is good


WORDS = st.text(alphabet="abcdefghij .,\n", max_size=40)


@given(
    WORDS,
    st.sampled_from(["M16 0RA", "9434765919", "A123456789012", "07700 900123", "someone@example.org", "03/04/2016"]),
    WORDS,
)
def test_what_identifies_is_always_found_whatever_stands_around_it(before: str, secret: str, after: str) -> None:
    """R31"""
    texts = [finding.text for finding in identifying_text({"outcomes": f"{before} {secret} {after}"})]
    assert any(secret in text for text in texts)


@given(st.text(max_size=200))
def test_the_scan_reads_any_text(text: str) -> None:
    assert all(finding.text in text for finding in identifying_text({"outcomes": text}) if finding.mark != Mark.NAME)
