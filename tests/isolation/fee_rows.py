"""What a half's setting charges. Every council that buys through the framework reads it, and no other provider."""

from __future__ import annotations

from datetime import date

from fps.actions.fees.offer_fee import offer_fee
from fps.model.fees import FeeKind, NewFee, Unit
from kernel.work import Ground
from people.model import Role
from tests.isolation.half import Half

FIRST_DAYS = (date(2026, 9, 1), date(2027, 4, 1))
PENCE = {"Aldermark": 4_100_001, "Birchmark": 5_200_002}
"""Amounts by which a leak is known, by the mark of a half."""


def keep_fee_rows(ground: Ground, half: Half) -> None:
    """A price that holds and one that will."""
    for number, first_day in enumerate(FIRST_DAYS):
        pence = PENCE[half.mark] + number
        new = NewFee(half.setting, half.lot, FeeKind.PLACE, "", Unit.YEAR, pence, first_day)
        with ground.work() as work:
            offer_fee(work, half.people[Role.PROVIDER_USER], new)
