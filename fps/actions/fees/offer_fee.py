from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from fps.model.fees import FeeCard, NewFee
from fps.queries import setting
from fps.queries.fees import fee_card
from fps.rules.fees import check_amount, check_days, checked_band, ended_by
from fps.tables import FeeRow, SettingOnLotRow
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with


def offer_fee(work: Work, actor: Actor, new: NewFee) -> str:
    """Enter what a setting charges on a lot from a day on, and return its id; the price before it ends the day before.

    The same price pressed twice is entered once. Raises NotFoundError for a setting that is not the actor's provider's,
    InvalidInputError for a lot on which it does not stand, an amount or days that cannot be, ConflictError where a
    price stands for a day to come. The log tells no amount: who leads the framework reads it and no price.
    """
    if setting(work.session, new.setting_id).provider_id not in organisations_with(actor, Permission.SETTINGS_OWN):
        raise NotFoundError
    new = replace(new, band=checked_band(new.band))
    check_amount(new.pence)
    check_days(new.valid_from, new.valid_until, london_date(work.now))
    standing = _standing(work, new)
    same = next((fee for fee in standing if _is_same(fee, new)), None)
    if same is not None:
        return same.id
    replaced = ended_by(standing, new.valid_from, new.valid_until, london_date(work.now))
    fee_id = _enter(work, actor, new, replaced)
    facts = {
        "fee": fee_id,
        "lot": new.lot_id,
        "kind": new.kind,
        "unit": new.unit,
        "valid_from": new.valid_from.isoformat(),
        "replaces": replaced.id if replaced else None,
    }
    audit.record(work, actor=actor.id, action="fps.offer_fee", subject=("setting", new.setting_id), details=facts)
    return fee_id


def _standing(work: Work, new: NewFee) -> list[FeeCard]:
    """Return the prices for the same thing; whoever else enters one for this setting and lot waits."""
    place = select(SettingOnLotRow.id).where(
        SettingOnLotRow.setting_id == new.setting_id, SettingOnLotRow.lot_id == new.lot_id
    )
    if work.session.scalar(place.with_for_update()) is None:
        raise InvalidInputError("lot", "Choose a lot on which this setting stands.")
    rows = select(FeeRow).where(
        FeeRow.setting_id == new.setting_id,
        FeeRow.lot_id == new.lot_id,
        FeeRow.kind == new.kind,
        FeeRow.band == new.band,
        FeeRow.unit == new.unit,
        FeeRow.withdrawn_at.is_(None),
    )
    return [fee_card(row) for row in work.session.scalars(rows.order_by(FeeRow.valid_from))]


def _is_same(fee: FeeCard, new: NewFee) -> bool:
    return (fee.valid_from, fee.valid_until, fee.pence) == (new.valid_from, new.valid_until, new.pence)


def _enter(work: Work, actor: Actor, new: NewFee, replaced: FeeCard | None) -> str:
    if replaced is not None:
        work.session.get_one(FeeRow, replaced.id).valid_until = new.valid_from - timedelta(days=1)
    fee_id = new_id()
    work.session.add(
        FeeRow(
            id=fee_id,
            setting_id=new.setting_id,
            lot_id=new.lot_id,
            kind=new.kind,
            band=new.band,
            unit=new.unit,
            amount=new.pence,
            valid_from=new.valid_from,
            valid_until=new.valid_until,
            replaces_id=replaced.id if replaced else None,
            replaced_until=replaced.valid_until if replaced else None,
            recorded_by=actor.id,
            recorded_at=work.now,
        )
    )
    work.session.flush()
    return fee_id
