from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fps.model.fees import Benchmark, Charged, FeeCard, FeeKind, Figure, Unit
from fps.rules.fees import (
    FEWEST_PROVIDERS,
    FEWEST_SETTINGS,
    benchmark,
    benchmark_day,
    check_amount,
    check_days,
    check_withdrawal,
    checked_band,
    ended_by,
    groups,
    pence_of,
    uplifts,
)
from kernel.errors import ConflictError, InvalidInputError

TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)
CHARGED = st.lists(
    st.builds(
        Charged,
        provider_id=st.integers(1, 40).map(str),
        setting_id=st.just(""),
        pence=st.integers(100_00, 150_000_00),
    ),
    max_size=60,
).map(lambda found: [Charged(each.provider_id, str(number), each.pence) for number, each in enumerate(found)])


def fee(number: int, valid_from: date, valid_until: date | None = None, pence: int = 100_00) -> FeeCard:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    return FeeCard(
        str(number), "s", "l", FeeKind.PLACE, "Standard", Unit.YEAR, pence, valid_from, valid_until, "p", at, None
    )


@pytest.mark.parametrize(
    ("written", "pence"), [("1,250", 125000), ("£95.50", 9550), (" 45000 ", 4500000), ("£ 1,234,567.89", 123456789)]
)
def test_amounts_are_read_as_people_write_them(written: str, pence: int) -> None:
    assert pence_of(written) == pence


@pytest.mark.parametrize("written", ["", "12,50", "1.5", "-5", "free", "1 000", "1e9", "£"])
def test_what_is_no_amount_is_refused(written: str) -> None:
    with pytest.raises(InvalidInputError):
        pence_of(written)


def test_prices_bands_and_days_are_within_reason() -> None:
    check_amount(1)
    check_days(TODAY, TODAY, TODAY)
    assert checked_band("  Complex   needs ") == "Complex needs"
    assert checked_band("") == "Standard"
    for pence in (0, -1, 100_000_001):
        with pytest.raises(InvalidInputError):
            check_amount(pence)
    for first, last in ((date(2014, 12, 31), None), (date(2030, 1, 1), None), (TODAY, TODAY - timedelta(days=1))):
        with pytest.raises(InvalidInputError):
            check_days(first, last, TODAY)
    with pytest.raises(InvalidInputError):
        checked_band("x" * 61)


def test_a_new_price_ends_the_one_before_it_and_never_rewrites_a_day_that_has_held() -> None:
    held = fee(1, date(2026, 9, 1))
    assert ended_by([], date(2020, 1, 1), None, TODAY) is None
    assert ended_by([held], TOMORROW, None, TODAY) is held
    for day in (TODAY, date(2026, 9, 1), date(2026, 1, 1)):
        with pytest.raises(InvalidInputError):
            ended_by([held], day, None, TODAY)
    assert ended_by([held], date(2026, 1, 1), date(2026, 8, 31), TODAY) is None, "a gap before it may be filled"
    coming = fee(2, date(2027, 4, 1))
    with pytest.raises(ConflictError, match="1 April 2027"):
        ended_by([fee(1, date(2026, 9, 1), date(2027, 3, 31)), coming], TOMORROW, None, TODAY)


def test_only_a_price_that_has_not_held_can_be_taken_back() -> None:
    check_withdrawal(fee(1, TOMORROW), TODAY)
    with pytest.raises(ConflictError):
        check_withdrawal(fee(1, TODAY), TODAY)


def test_uplifts_are_told_against_the_price_before() -> None:
    found = uplifts([fee(2, date(2026, 9, 1), None, 110_00), fee(1, date(2025, 9, 1), date(2026, 8, 31))])
    assert found == {"2": pytest.approx(10.0)}


def test_benchmarks_are_of_the_first_day_of_the_quarter() -> None:
    assert benchmark_day(TODAY) == date(2026, 10, 1)
    assert benchmark_day(date(2027, 1, 1)) == date(2027, 1, 1)
    assert benchmark_day(date(2027, 3, 31)) == date(2027, 1, 1)


def test_V10_too_few_settings_or_providers_show_nothing() -> None:
    few = [Charged(str(number), str(number), 40_000_00) for number in range(FEWEST_SETTINGS - 1)]
    two = [Charged(str(number % 2), str(number), 40_000_00) for number in range(20)]
    for charged in ([], few, two):
        assert benchmark(charged, Unit.YEAR) == Benchmark({}, "")
    three = [Charged(str(number % 3), str(number), 40_000_00) for number in range(FEWEST_SETTINGS)]
    assert benchmark(three, Unit.YEAR) == Benchmark({Figure.MIDDLE: 40_000_00}, "5 to 9")


def test_a_provider_counts_once_however_many_settings_and_bands_it_has() -> None:
    many = [Charged("big", str(number % 50), 90_000_00) for number in range(100)]
    small = [Charged(str(number), f"s{number}", 30_000_00) for number in range(4)]
    assert benchmark([*many, *small], Unit.YEAR).figures[Figure.MIDDLE] == 30_000_00


@given(CHARGED)
def test_V10_a_figure_is_never_about_fewer_than_three_providers_and_no_provider_is_in_two(
    charged: list[Charged],
) -> None:
    providers = {each.provider_id for each in charged}
    shown = benchmark(charged, Unit.YEAR)
    assert shown.is_shown is (len(charged) >= FEWEST_SETTINGS and len(providers) >= FEWEST_PROVIDERS)
    if shown.is_shown:
        taken: list[int] = []
        for figure, (first, wide) in groups(len(providers)).items():
            assert figure in shown.figures
            assert wide >= FEWEST_PROVIDERS
            taken += range(first, first + wide)
        assert len(taken) == len(set(taken))
        assert set(taken) <= set(range(len(providers)))


@given(CHARGED, st.data())
def test_V10_what_is_shown_never_tells_one_providers_price(charged: list[Charged], data: st.DataObject) -> None:
    """Whoever's price is asked for, another one would show the same: two in its group change against each other."""
    providers = sorted({each.provider_id for each in charged})
    shown = benchmark(charged, Unit.YEAR)
    if not shown.is_shown:
        return
    one = [Charged(name, name, 20_000_00 + 1_000_00 * place) for place, name in enumerate(providers)]
    one += [Charged(providers[0], f"more {number}", 20_000_00) for number in range(FEWEST_SETTINGS)]
    whose = data.draw(st.sampled_from(range(1, len(providers))))
    group = next(
        (range(at, at + wide) for at, wide in groups(len(providers)).values() if whose in range(at, at + wide)), None
    )
    other = next((place for place in group if place not in (0, whose)), None) if group else None
    moved = [_moved(each, providers, whose, other) for each in one]
    assert moved != one
    assert benchmark(moved, Unit.YEAR) == benchmark(one, Unit.YEAR)


def _moved(each: Charged, providers: list[str], whose: int, other: int | None) -> Charged:
    by = 400_00
    if each.setting_id == providers[whose]:
        return Charged(each.provider_id, each.setting_id, each.pence + by)
    if other is not None and each.setting_id == providers[other]:
        return Charged(each.provider_id, each.setting_id, each.pence - by)
    return each


@given(st.integers(0, 400))
def test_the_figures_stand_in_their_order(providers: int) -> None:
    found = groups(providers)
    assert list(found) == [figure for figure in Figure if figure in found]
    firsts = [first for first, _ in found.values()]
    assert firsts == sorted(firsts)
