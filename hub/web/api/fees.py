"""Fees for programs of councils."""

from __future__ import annotations

from fps.model.fees import FeeCard
from fps.queries.fees import WantedFees, fees_after, lots_bought
from hub.web.api import models
from hub.web.api.operations import Asking
from hub.web.api.parameters import FeesAsked
from hub.web.api.register import next_page


def fees(asking: Asking, wanted: FeesAsked) -> models.FeeList:
    """Return a page of the prices that hold on a day, on the lots through which the token's council may buy today."""
    lots = [lot.id for lot in lots_bought(asking.session, [asking.token.organisation_id], asking.today)]
    filters = WantedFees(
        on=wanted.as_at or asking.today,
        lot_id=wanted.lot,
        kind=wanted.kind,
        unit=wanted.unit,
        setting_id=wanted.setting,
    )
    found = fees_after(asking.session, lots, filters, wanted.after, wanted.limit)
    further = next_page("/fees", wanted, [fee.id for fee in found])
    return models.FeeList(items=[_fee(fee) for fee in found], next=further)


def _fee(card: FeeCard) -> models.Fee:
    return models.Fee(
        id=card.id,
        setting_id=card.setting_id,
        lot_id=card.lot_id,
        kind=card.kind,
        band=card.band,
        unit=card.unit,
        pence=card.pence,
        valid_from=card.valid_from,
        valid_until=card.valid_until,
        recorded_at=card.recorded_at,
    )
