from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fps.model import DocumentKind, FrameworkCard, LotCard, Regime, SettingKind
from fps.model.frameworks import Days, Existence, ExtensionOption, Requirement
from fps.rules.frameworks import (
    Shift,
    check_all_taken,
    check_correction,
    check_extension,
    check_from,
    check_kind,
    check_last_day,
    check_lot_days,
    check_membership,
    check_membership_end,
    check_months,
    check_nobody_stands,
    check_number,
    check_reason,
    check_replaceable,
    day_before,
    is_end_near,
    shift,
)
from kernel.errors import ConflictError, InvalidInputError

TODAY = date(2026, 11, 23)
FIRST, LAST = date(2021, 2, 22), date(2030, 2, 28)
CARD = FrameworkCard("f", "A list", Regime.PCR_LIGHT_TOUCH, "lead", FIRST, LAST, {}, None, None, (), None, 1)
LOT = LotCard("l", "f", 1, "day", (DocumentKind.INSURANCE,), FIRST, None, (SettingKind.NMSS,))
CUMBRIA = Existence("Cumbria", None, date(2023, 3, 31), ("Cumberland", "Westmorland and Furness"))
CUMBERLAND = Existence("Cumberland", date(2023, 4, 1))


def test_a_lot_takes_only_its_kinds_and_only_while_it_is_open() -> None:
    check_kind(LOT, SettingKind.NMSS, TODAY)
    with pytest.raises(ConflictError, match="further education college"):
        check_kind(LOT, SettingKind.FE_COLLEGE, TODAY)
    with pytest.raises(ConflictError, match="not open on 21 February 2021"):
        check_kind(LOT, SettingKind.NMSS, FIRST - timedelta(days=1))
    with pytest.raises(ConflictError, match="not open"):
        check_kind(replace(LOT, until=TODAY), SettingKind.NMSS, TODAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("check", "field"),
    [
        (lambda: check_extension(LAST, LAST), "ends_on"),
        (lambda: check_extension(LAST, FIRST), "ends_on"),
        (lambda: check_correction(CARD, LAST), "ends_on"),
        (lambda: check_correction(CARD, FIRST), "ends_on"),
        (lambda: check_months(0), "months"),
        (lambda: check_months(121), "months"),
        (lambda: check_reason("  "), "reason"),
        (lambda: check_reason("x" * 1001), "reason"),
        (lambda: check_lot_days(CARD, Days(FIRST - timedelta(days=1))), "since"),
        (lambda: check_lot_days(CARD, Days(LAST + timedelta(days=1))), "since"),
        (lambda: check_lot_days(CARD, Days(TODAY, TODAY - timedelta(days=1))), "until"),
        (lambda: check_number(0, Days(TODAY), []), "number"),
        (lambda: check_number(100, Days(TODAY), []), "number"),
        (lambda: check_number(1, Days(TODAY), [LOT]), "number"),
        (lambda: check_from(TODAY - timedelta(days=1), TODAY, LOT), "since"),
        (lambda: check_from(TODAY, TODAY, replace(LOT, until=TODAY - timedelta(days=1))), "since"),
        (lambda: check_last_day(TODAY - timedelta(days=1), TODAY, LOT), "until"),
        (lambda: check_membership(CARD, Existence("A"), Days(FIRST - timedelta(days=1)), []), "since"),
        (lambda: check_membership(CARD, Existence("A"), Days(TODAY), [Days(FIRST)]), "since"),
        (lambda: check_membership(CARD, Existence("A"), Days(FIRST, TODAY), [Days(TODAY)]), "since"),
        (lambda: check_membership_end(Existence("A"), Days(TODAY, FIRST)), "until"),
        (lambda: check_all_taken([SettingKind.NMSS], [("Alder", SettingKind.FE_COLLEGE)]), "kinds"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(check: Callable[[], object], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check()
    assert refused.value.field == field
    assert str(refused.value)


def test_a_number_is_free_again_once_its_lot_has_ended() -> None:
    ended = replace(LOT, until=TODAY)
    check_number(1, Days(TODAY + timedelta(days=1)), [ended])
    with pytest.raises(InvalidInputError, match="Lot 1: day has this number"):
        check_number(1, Days(TODAY), [ended])


def test_C2_a_membership_lies_within_the_councils_life_and_names_who_followed() -> None:
    check_membership(CARD, CUMBRIA, Days(FIRST, date(2023, 3, 31)), [])
    check_membership(CARD, CUMBERLAND, Days(date(2023, 4, 1)), [])
    for until in (None, date(2023, 4, 1)):
        with pytest.raises(InvalidInputError, match="Cumberland and Westmorland and Furness followed it"):
            check_membership(CARD, CUMBRIA, Days(FIRST, until), [])
    with pytest.raises(InvalidInputError, match="Cumberland begins on 1 April 2023"):
        check_membership(CARD, CUMBERLAND, Days(date(2023, 3, 31)), [])


def test_a_membership_may_begin_again_after_it_ended() -> None:
    check_membership(CARD, Existence("A"), Days(TODAY), [Days(FIRST, TODAY - timedelta(days=1))])


def test_the_end_is_near_from_a_year_before_it_to_its_last_day() -> None:
    assert not is_end_near(CARD, LAST - timedelta(days=366))
    assert is_end_near(CARD, LAST - timedelta(days=365))
    assert is_end_near(CARD, LAST)
    assert not is_end_near(CARD, LAST + timedelta(days=1))


def test_a_lot_with_settings_on_it_does_not_end_and_says_what_to_do() -> None:
    check_nobody_stands(LOT, 0)
    with pytest.raises(ConflictError, match=r"1 setting still stands on Lot 1: day. Decommission them first"):
        check_nobody_stands(LOT, 1)


def test_a_lot_is_replaced_while_it_is_open_and_not_on_its_first_day() -> None:
    check_replaceable(LOT, TODAY)
    for lot in (replace(LOT, since=TODAY), replace(LOT, until=TODAY - timedelta(days=1))):
        with pytest.raises(ConflictError):
            check_replaceable(lot, TODAY)


def test_who_does_not_fit_is_named_up_to_five() -> None:
    standing = [(f"School {number}", SettingKind.ONLINE) for number in range(7)]
    with pytest.raises(InvalidInputError, match="School 4 and 2 more"):
        check_all_taken([SettingKind.NMSS], standing)


def test_an_option_is_named_by_its_years_and_months() -> None:
    titles = [ExtensionOption("o", number, months, "", None).title for number, months in ((1, 24), (2, 12), (3, 7))]
    assert titles == ["Option 1: 2 years", "Option 2: 1 year", "Option 3: 7 months"]
    assert ExtensionOption("o", 4, 25, "", None).title == "Option 4: 2 years and 1 month"


_KINDS = st.sampled_from(["a", "b", "c"])
_FROM = st.integers(0, 40).map(lambda days: TODAY + timedelta(days=days))


def _applied(held: list[Requirement], wanted: set[str], on: date) -> list[Requirement]:
    step = shift(held, wanted, on)
    kept = [one for one in held if one not in (*step.ended, *step.dropped, *step.reopened)]
    kept += [replace(one, days=Days(one.days.since, day_before(on))) for one in step.ended]
    kept += [replace(one, days=Days(one.days.since)) for one in step.reopened]
    return kept + [Requirement(kind, Days(on)) for kind in step.begun]


@given(st.lists(st.tuples(st.sets(_KINDS), _FROM), max_size=6))
def test_a_change_never_alters_what_held_before_its_day_and_always_holds_from_then_on(
    changes: list[tuple[set[str], date]],
) -> None:
    def holding(held: list[Requirement], on: date) -> list[str]:
        return sorted(one.kind for one in held if one.days.hold(on))

    held = [Requirement("a", Days(FIRST))]
    for wanted, on in changes:
        before = {day: holding(held, day) for day in (FIRST, TODAY - timedelta(days=1), day_before(on))}
        held = _applied(held, wanted, on)
        assert {day: holding(held, day) for day in before} == before
        for later in (0, 1, 100):
            assert holding(held, on + timedelta(days=later)) == sorted(wanted)
        assert len({(one.kind, one.days.since) for one in held}) == len(held)


def test_nothing_is_written_where_nothing_changes() -> None:
    assert shift([Requirement("a", Days(FIRST))], ["a"], TODAY) == Shift((), (), (), ())
