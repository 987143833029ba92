from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInputError
from referrals.model.criteria import DEFAULT_WEIGHTS, Criterion, Weights
from referrals.rules.criteria import check_weights
from referrals.rules.ranking import leaders, rank, sensitivity, variants

NEED, QUALITY, PRICE = Criterion.SPECIFIC_NEEDS, Criterion.QUALITY, Criterion.AFFORDABILITY
TWO = Weights({NEED: 80, PRICE: 20})


def split(parts: list[int]) -> Weights:
    """Return weights that add up to 100 from numbers that need not."""
    chosen = dict(zip(Criterion, parts, strict=False))
    points = {each: part * 100 // sum(parts) for each, part in chosen.items()}
    first = next(iter(points))
    return Weights({**points, first: points[first] + 100 - sum(points.values())})


weightings = st.lists(st.integers(1, 50), min_size=1, max_size=len(Criterion)).map(split)


@st.composite
def judged(draw: st.DrawFn) -> tuple[Weights, dict[str, dict[Criterion, int]]]:
    weights = draw(weightings)
    names = draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6, unique=True))
    return weights, {name: {each: draw(st.integers(0, 5)) for each in weights.used} for name in names}


def test_weights_begin_with_those_of_the_rule_book_and_add_up_to_100() -> None:
    """R24"""
    assert list(DEFAULT_WEIGHTS.plain.values()) == [50, 15, 15, 10, 10]
    check_weights(DEFAULT_WEIGHTS)
    assert Weights.of(None) == DEFAULT_WEIGHTS
    assert Weights.of(DEFAULT_WEIGHTS.plain).plain == DEFAULT_WEIGHTS.plain


@pytest.mark.parametrize(
    ("points", "field"),
    [
        ({NEED: 99}, "weights"),
        ({NEED: 60, PRICE: 50}, "weights"),
        ({}, "weights"),
        ({NEED: 120, PRICE: -20}, "weight-specific_needs"),
        ({NEED: 100, PRICE: 0, QUALITY: 101}, "weight-quality"),
    ],
)
def test_weights_that_do_not_add_up_are_refused(points: dict[Criterion, int], field: str) -> None:
    """R24"""
    with pytest.raises(InvalidInputError) as refused:
        check_weights(Weights(points))
    assert refused.value.field == field


def test_points_are_scores_by_weight_and_the_most_points_stand_first() -> None:
    """R24"""
    first, second = rank({"low": {NEED: 2, PRICE: 5}, "high": {NEED: 4, PRICE: 0}}, TWO)
    assert (first.recipient_id, first.points, first.place) == ("high", Fraction(64), 1)
    assert (second.recipient_id, second.points, second.place) == ("low", Fraction(52), 2)


def test_equal_points_share_a_place() -> None:
    """R24"""
    ranked = rank({"a": {NEED: 3, PRICE: 3}, "b": {NEED: 3, PRICE: 3}, "c": {NEED: 1, PRICE: 1}}, TWO)
    assert [each.place for each in ranked] == [1, 1, 3]
    assert leaders(ranked) == ("a", "b")


def test_no_rounding_decides_who_is_first() -> None:
    """R24: a third is a third."""
    weights = Weights({NEED: 34, QUALITY: 33, PRICE: 33})
    first, second = rank({"a": {NEED: 0, QUALITY: 5, PRICE: 5}, "b": {NEED: 5, QUALITY: 5, PRICE: 0}}, weights)
    assert (first.recipient_id, first.points - second.points) == ("b", Fraction(1))


def test_what_law_puts_first_stands_first_whatever_its_points() -> None:
    """R26: weights never override the duty to name a setting or a tribunal's order."""
    first, second = rank({"a": {NEED: 5, PRICE: 5}, "b": {NEED: 0, PRICE: 0}}, TWO, by_law="b")
    assert (first.recipient_id, first.is_by_law, first.place, second.place) == ("b", True, 1, 2)


@given(judged())
def test_points_lie_between_0_and_100_and_nobody_stands_before_who_has_more(
    case: tuple[Weights, dict[str, dict[Criterion, int]]],
) -> None:
    """R24"""
    weights, scores = case
    ranked = rank(scores, weights)
    assert {each.recipient_id for each in ranked} == set(scores)
    assert all(0 <= each.points <= 100 for each in ranked)
    assert [each.points for each in ranked] == sorted((each.points for each in ranked), reverse=True)


@given(weightings)
def test_every_variant_of_the_weights_adds_up_to_100_and_none_is_below_nothing(weights: Weights) -> None:
    """R24"""
    for title, points in variants(weights):
        assert sum(points.values()) == 100, title
        assert min(points.values()) >= 0


@given(judged())
def test_who_is_best_in_everything_leads_under_all_weights(
    case: tuple[Weights, dict[str, dict[Criterion, int]]],
) -> None:
    """R24"""
    weights, scores = case
    best = {**scores, "best": dict.fromkeys(weights.used, 5)}
    found = sensitivity(best, weights)
    assert all("best" in variant.leaders for variant in (found.issued, *found.variants))


def test_sensitivity_moves_each_weight_by_ten_points_and_makes_all_equal() -> None:
    """R24: the ranking holds where the same offers lead."""
    found = sensitivity({"a": {NEED: 4, PRICE: 0}, "b": {NEED: 2, PRICE: 5}}, TWO)
    assert [variant.title for variant in found.variants] == [
        "Meets the need and the outcomes: 90 instead of 80",
        "Meets the need and the outcomes: 70 instead of 80",
        "Price: 30 instead of 20",
        "Price: 10 instead of 20",
        "All weights equal",
    ]
    assert found.issued.leaders == ("a",)
    assert [variant.leaders for variant in found.variants] == [("a",), ("b",), ("b",), ("a",), ("b",)]
    assert found.held == 2
    assert found.span("a") == (Fraction(40), Fraction(72))
    assert found.span("b") == (Fraction(46), Fraction(70))


def test_one_criterion_alone_has_nothing_to_move() -> None:
    assert sensitivity({"a": {NEED: 3}}, Weights({NEED: 100})).variants == ()
