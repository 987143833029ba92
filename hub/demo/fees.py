from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from fps.actions.fees.offer_fee import offer_fee
from fps.actions.fees.publish_benchmarks import publish_benchmarks
from fps.model.fees import POUND, FeeKind, NewFee, Unit
from fps.queries import settings_of
from fps.queries.fees import lots_of_setting
from fps.rules.benchmarks import benchmark_day
from hub.demo.cast import Cast
from kernel.calendar import at_london, london_date
from kernel.work import Work
from people.queries import person

_PLACE_POUNDS, _STEP_POUNDS = 41_250, 2_375
_EXTRAS = ((FeeKind.ONE_TO_ONE, Unit.HOUR, 21), (FeeKind.THERAPY, Unit.HOUR, 68))
_UPLIFT_PER_CENT = 4


def seed(work: Work, cast: Cast) -> None:
    """Let providers charge for every lot on which they stand, since the last school year, and some more from April on.

    Entered before the quarter began, as benchmarks ask.
    """
    today = london_date(work.now)
    entered = benchmark_day(today) - timedelta(days=20)
    before = replace(work, now=at_london(entered, work.now.time()))
    began = date(entered.year - 1, 9, 1)
    for provider_id, user_id in cast.providers:
        user = person(work.session, user_id)
        for place, setting in enumerate(settings_of(work.session, [provider_id])):
            at = cast.providers.index((provider_id, user_id)) + place
            for lot in lots_of_setting(work.session, setting.id):
                pounds = _PLACE_POUNDS + _STEP_POUNDS * at
                charged = NewFee(setting.id, lot.id, FeeKind.PLACE, "", Unit.YEAR, pounds * POUND, began)
                offer_fee(before, user, charged)
                if at % 2 == 0:
                    dearer = pounds * (100 + _UPLIFT_PER_CENT)  # pence
                    offer_fee(work, user, replace(charged, pence=dearer, valid_from=date(today.year + 1, 4, 1)))
                for kind, unit, per_unit in _EXTRAS:
                    extra = NewFee(setting.id, lot.id, kind, "", unit, (per_unit + at) * POUND, began)
                    offer_fee(before, user, extra)
    publish_benchmarks(work)
