from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from fps.queries import setting
from fps.queries.fees import fee_card
from fps.rules.fees import check_withdrawal
from fps.tables import FeeRow
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import NotFoundError
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with


def withdraw_fee(work: Work, actor: Actor, fee_id: str) -> None:
    """Take back a price before it holds; the price that it was to end goes on as before. Twice does no harm.

    Raises NotFoundError for a price that is not the actor's provider's, ConflictError for one that holds or has held.
    """
    row = work.session.scalars(select(FeeRow).where(FeeRow.id == fee_id).with_for_update()).first()
    own = organisations_with(actor, Permission.SETTINGS_OWN)
    if row is None or setting(work.session, row.setting_id).provider_id not in own:
        raise NotFoundError
    if row.withdrawn_at is not None:
        return
    check_withdrawal(fee_card(row), london_date(work.now))
    row.withdrawn_at = work.now
    _go_on_as_before(work, row)
    facts = {"fee": fee_id, "lot": row.lot_id, "kind": row.kind}
    audit.record(work, actor=actor.id, action="fps.withdraw_fee", subject=("setting", row.setting_id), details=facts)


def _go_on_as_before(work: Work, row: FeeRow) -> None:
    """Let the price that this one was to end go on, up to the one that comes after it; that one now ends the former."""
    following = work.session.scalars(
        select(FeeRow).where(FeeRow.replaces_id == row.id, FeeRow.withdrawn_at.is_(None))
    ).first()
    if following is not None:
        following.replaces_id, following.replaced_until = row.replaces_id, row.replaced_until
    if row.replaces_id is None:
        return
    former = work.session.get_one(FeeRow, row.replaces_id)
    later = select(func.min(FeeRow.valid_from)).where(
        FeeRow.setting_id == row.setting_id,
        FeeRow.lot_id == row.lot_id,
        FeeRow.kind == row.kind,
        FeeRow.band == row.band,
        FeeRow.unit == row.unit,
        FeeRow.valid_from > former.valid_from,
        FeeRow.withdrawn_at.is_(None),
        FeeRow.id != row.id,
    )
    first = work.session.scalar(later)
    ends = [row.replaced_until, first - timedelta(days=1) if first else None]
    former.valid_until = min((end for end in ends if end is not None), default=None)
