"""V10: no provider's price can be told from benchmarks, however many of them somebody puts together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fps.model.fees import Charged, Figure, Prepared, Unit
from fps.rules.benchmarks import (
    FEWEST_PROVIDERS,
    FEWEST_SETTINGS,
    MOST_TOLD,
    THIRDS_FROM,
    Ledger,
    benchmark_day,
    differ_enough,
    prepared,
    remembered_since,
)

PROVIDERS = [f"p{number:02}" for number in range(24)]
SETS = st.sets(st.sampled_from(PROVIDERS), min_size=FEWEST_PROVIDERS)
PRICES = st.fixed_dictionaries({name: st.integers(20_000_00, 120_000_00) for name in PROVIDERS})


@st.composite
def releases(draw: st.DrawFn) -> list[set[str]]:
    """Sets of providers of lots and quarters: unrelated ones, and ones that differ by a few, as real ones do."""
    found = [draw(SETS)]
    for _ in range(draw(st.integers(1, 12))):
        near = draw(st.sampled_from(found)) ^ draw(st.sets(st.sampled_from(PROVIDERS), max_size=4))
        found.append(draw(st.sampled_from([near if len(near) >= FEWEST_PROVIDERS else draw(SETS), draw(SETS)])))
    return found


def charged(prices: Mapping[str, int], members: Iterable[str], version: str = "") -> list[Charged]:
    return [Charged(name, name, prices[name], f"{name}{version}") for name in sorted(members)]


def published(asked: Sequence[set[str]], prices: Mapping[str, int]) -> list[Prepared]:
    """Return what is published, one after the other."""
    told, shown = Ledger(), []
    for members in asked:
        for found in prepared(charged(prices, members), Unit.YEAR):
            if told.admits(found.groups):
                told.note(found.groups)
                shown.append(found)
                break
    return shown


def _hidden(groups: Sequence[Iterable[str]], whose: str) -> dict[str, float]:
    """Return in which way prices may move, that of one provider above all, so that no sum over a group moves."""
    basis: list[dict[str, float]] = []
    for group in groups:
        rest = _without(dict.fromkeys(group, 1.0), basis)
        size = sum(share * share for share in rest.values()) ** 0.5
        if size > 1e-6:
            basis.append({name: share / size for name, share in rest.items()})
    return _without({whose: 1.0}, basis)


def _without(vector: dict[str, float], basis: Sequence[Mapping[str, float]]) -> dict[str, float]:
    for _ in range(2):
        for known in basis:
            common = sum(share * vector.get(name, 0.0) for name, share in known.items())
            vector = {name: vector.get(name, 0.0) - common * known.get(name, 0.0) for name in {*vector, *known}}
    return vector


@settings(max_examples=60, deadline=None)
@given(releases(), PRICES)
def test_V10_no_price_is_ever_told_to_within_ten_per_cent_by_all_releases_together(
    asked: list[set[str]], prices: dict[str, int]
) -> None:
    """An attacker who knows every mean exactly, unrounded, and every set, still cannot tell a price from a fifth more.

    And the others need not move wildly for it: together by no more than three quarters of what the one moves.
    """
    groups = [list(group) for found in published(asked, prices) for group in found.groups]
    for whose in PROVIDERS:
        way = _hidden(groups, whose)
        by = 0.2 * prices[whose] / way[whose]
        other = {name: prices[name] + by * way.get(name, 0.0) for name in PROVIDERS}
        assert other[whose] == pytest.approx(1.2 * prices[whose])
        for group in groups:
            assert sum(other[name] for name in group) == pytest.approx(sum(prices[name] for name in group), abs=1)
        moved = sum((other[name] - prices[name]) ** 2 for name in PROVIDERS if name != whose) ** 0.5
        assert moved <= 0.75 * 0.2 * prices[whose]


@settings(max_examples=60, deadline=None)
@given(releases(), PRICES)
def test_V10_no_two_releases_ever_differ_by_one_or_two_providers(asked: list[set[str]], prices: dict[str, int]) -> None:
    """n times one mean less m times another is never about fewer than three."""
    whole = [frozenset(name for group in found.groups for name in group) for found in published(asked, prices)]
    assert not [1 for one in whole for other in whole if 1 <= len(one ^ other) <= 2]


@settings(max_examples=60, deadline=None)
@given(releases(), PRICES)
def test_V10_all_releases_together_never_tell_more_of_one_than_a_mean_of_three(
    asked: list[set[str]], prices: dict[str, int]
) -> None:
    told = Ledger()
    for found in published(asked, prices):
        told.note(found.groups)
    assert max(told.tells(name) for name in PROVIDERS) <= MOST_TOLD + 1e-6


def test_V10_who_joins_alone_is_not_told_by_the_difference() -> None:
    """As seen: with four providers after three, four times one mean less three times the other was their price."""
    told = Ledger()
    told.note([PROVIDERS[:6]])
    for more in (1, 2):
        assert not told.admits([PROVIDERS[: 6 + more]])
        assert not told.admits([PROVIDERS[: 6 - more]])
    assert told.admits([PROVIDERS[:6]]), "the same set says nothing new"
    assert told.admits([PROVIDERS[:9]])


def test_V10_three_releases_that_together_single_one_out_are_not_all_published() -> None:
    """No two differ by fewer than five providers; the first two less the third are twice one provider."""
    one, others = PROVIDERS[0], PROVIDERS[1:9]
    told = Ledger()
    told.note([[one, *others[:4]], [one, *others[4:]]])
    assert told.tells(one) == pytest.approx(1 / 3, abs=0.1)
    assert not told.admits([others])


def test_V10_too_few_or_one_that_outweighs_the_others_shows_nothing() -> None:
    prices = dict.fromkeys(PROVIDERS, 40_000_00)
    assert prepared(charged(prices, PROVIDERS[: FEWEST_PROVIDERS - 1]), Unit.YEAR) == []
    many_settings = [Charged(PROVIDERS[number % 4], str(number), 40_000_00) for number in range(20)]
    assert prepared(many_settings, Unit.YEAR) == []
    (found,) = prepared(charged(prices, PROVIDERS[:FEWEST_PROVIDERS]), Unit.YEAR)
    assert (found.figures, found.settings) == ({Figure.MIDDLE: 40_000_00}, "5 to 9")
    assert FEWEST_SETTINGS == 5
    assert prepared(charged({**prices, "p00": 900_000_00}, PROVIDERS[:5]), Unit.YEAR) == []


def test_from_fifteen_providers_on_thirds_are_shown_and_the_mean_of_all_where_thirds_would_say_too_much() -> None:
    prices = {name: (30_000 + 1_000 * number) * 100 for number, name in enumerate(PROVIDERS)}
    thirds, whole = prepared(charged(prices, PROVIDERS[:THIRDS_FROM]), Unit.YEAR)
    assert list(thirds.figures) == list(Figure)
    assert all(len(group) >= FEWEST_PROVIDERS for group in thirds.groups)
    assert list(whole.figures) == [Figure.MIDDLE]
    told = Ledger()
    told.note(thirds.groups)
    dearer = {**prices, "p04": 60_000_00}
    again, mean = prepared(charged(dearer, PROVIDERS[:THIRDS_FROM]), Unit.YEAR)
    assert (told.admits(again.groups), told.admits(mean.groups)) == (False, True)


def test_V10_one_or_two_that_changed_their_price_are_too_few_for_a_new_figure() -> None:
    before = dict.fromkeys(PROVIDERS[:6], "1")
    for changed, is_enough in ((0, True), (1, False), (2, False), (3, True)):
        assert differ_enough(before, {**before, **dict.fromkeys(PROVIDERS[:changed], "2")}) is is_enough


def test_a_provider_counts_once_however_many_settings_and_bands_it_has() -> None:
    many = [Charged("big", str(number % 50), 90_000_00) for number in range(100)]
    small = [Charged(str(number), f"s{number}", 30_000_00) for number in range(5)]
    (found,) = prepared([*many, *small], Unit.YEAR)
    assert found.figures[Figure.MIDDLE] == 40_000_00


def test_benchmarks_are_of_the_first_day_of_the_quarter_and_are_remembered_for_two_years() -> None:
    assert benchmark_day(date(2026, 11, 23)) == date(2026, 10, 1)
    assert benchmark_day(date(2027, 1, 1)) == date(2027, 1, 1)
    assert remembered_since(date(2026, 10, 1)) == date(2025, 1, 1)
    assert remembered_since(date(2027, 1, 1)) == date(2025, 4, 1)
