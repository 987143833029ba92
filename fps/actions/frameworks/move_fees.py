from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import or_, select

from fps.rules.frameworks import day_before
from fps.tables import FeeRow
from kernel.calendar import london_date
from kernel.ids import new_id
from kernel.work import Work

_KEPT = ("setting_id", "kind", "band", "unit", "amount", "valid_until", "recorded_by", "recorded_at")


def move_fees(work: Work, setting_ids: Iterable[str], old_lot_id: str, new_lot_id: str) -> None:
    """Let the prices of settings hold on the new lot from today; what has held on the old one stays on record there.

    A price that holds is ended yesterday and begun anew, word for word. One for a day to come moves as it is.
    """
    today = london_date(work.now)
    rows = select(FeeRow).where(
        FeeRow.lot_id == old_lot_id,
        FeeRow.setting_id.in_(list(setting_ids)),
        FeeRow.withdrawn_at.is_(None),
        or_(FeeRow.valid_until.is_(None), FeeRow.valid_until >= today),
    )
    follows: dict[str, str] = {}
    for fee in work.session.scalars(rows.order_by(FeeRow.valid_from).with_for_update()).all():
        if fee.valid_from < today:
            follows[fee.id] = _begin_anew(work, fee, new_lot_id, today)
        else:
            fee.lot_id, fee.replaces_id = new_lot_id, follows.get(fee.replaces_id or "", fee.replaces_id)
    work.session.flush()


def _begin_anew(work: Work, fee: FeeRow, lot_id: str, today: date) -> str:
    kept = {name: getattr(fee, name) for name in _KEPT}
    begun = FeeRow(id=new_id(), lot_id=lot_id, valid_from=today, **kept)
    fee.valid_until = day_before(today)
    work.session.add(begun)
    work.session.flush()
    return begun.id
