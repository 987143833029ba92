from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from fps.model.fees import FeeCard, FeeKind, Unit
from fps.rules.fees import check_amount, check_days, check_withdrawal, checked_band, ended_by, pence_of, uplifts
from kernel.errors import ConflictError, InvalidInputError

TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)


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
