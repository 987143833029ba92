"""Prices in the world of the register's tests."""

from __future__ import annotations

from datetime import date

from fps.actions.fees.offer_fee import offer_fee
from fps.model.fees import FeeKind, NewFee, Unit
from kernel.work import Ground
from tests.fps.world import World

TODAY = date(2026, 11, 23)
SINCE = date(2026, 9, 1)


def price(
    ground: Ground,
    world: World,
    number: int,
    setting_id: str,
    pence: int,
    *,
    first_day: date = SINCE,
    lot: int = 0,
    band: str = "",
) -> str:
    """Enter a yearly price by the user of the provider of that number."""
    user = world.providers[number % len(world.providers)][1]
    new = NewFee(setting_id, world.lots[lot].id, FeeKind.PLACE, band, Unit.YEAR, pence, first_day)
    with ground.work() as work:
        return offer_fee(work, user, new)
