from __future__ import annotations

import pytest

from channels.rules.phrases import Found, Phrasebook, parse_phrase

SETS = {"him": "him her them"}


def book(*phrases: str, forgiven: tuple[str, ...] = (), ordinary: tuple[str, ...] = ()) -> Phrasebook:
    return Phrasebook([(phrase, parse_phrase(phrase, SETS)) for phrase in phrases], forgiven, ordinary)


@pytest.mark.parametrize(
    ("phrase", "text", "is_there"),
    [
        ("hit @him", "they hit her", True),
        ("hit @him", "they hit the road", False),
        ("hit .. @him", "they hit all of them", True),
        ("hit .. @him", "they hit one two three them", False),
        ("bruis*", "some bruising", True),
        ("bruis*", "some cruising", False),
        ("want|wants to go", "she wants to go", True),
        ("want|wants to go", "she wants go", False),
    ],
)
def test_phrases_are_found_as_they_are_written(phrase: str, text: str, is_there: bool) -> None:
    assert bool(book(phrase).find(text.split())) is is_there


def test_finding_says_where() -> None:
    assert book("hit .. @him").find(["they", "hit", "all", "of", "them"]) == [Found("hit .. @him", 1, 4)]


def test_slips_are_forgiven_only_where_named() -> None:
    forgiving = book("hurting", "beating", forgiven=("hurting",), ordinary=("hunting",))
    assert forgiving.find(["hurtng"])
    assert forgiving.find(["huritng"])
    assert forgiving.find(["hurtiiiing"])
    assert book("kill").find(["kiiiilll"])
    assert not forgiving.find(["hunting"])
    assert not forgiving.find(["beatng"])
    assert not book("hurting").find(["hurtng"])


def test_a_star_hides_a_letter() -> None:
    assert book("kill", forgiven=("kill",)).find(["k*ll"])
    assert not book("kill", forgiven=("kill",)).find(["b*ll"])


def test_blanks_hold_phrases_apart() -> None:
    assert not book("hit him").find(["hit", "", "him"])


@pytest.mark.parametrize("wrong", ["", "..", " "])
def test_a_phrase_without_words_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"^\W*$"):
        parse_phrase(wrong, SETS)


def test_an_unknown_set_is_refused() -> None:
    with pytest.raises(KeyError):
        parse_phrase("hit @nobody", SETS)
