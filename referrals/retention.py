"""What of referrals and placements goes when its time is over (R36)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from channels.retention import remove_messages_about
from kernel.calendar import london_date
from kernel.database import Base
from people.retention import Cut, Sweeper
from referrals.tables import ClockRow, ClockStepRow, IssueRow, PlacementRow, ReferralRow


def _over(cut: Cut) -> Select[Any]:
    """Referrals that ended long ago: with their placement, or without one when they were closed or last open.

    One that another follows stays as long as that one does: the chain is kept (R29).
    """
    row, follower = ReferralRow, aliased(ReferralRow)
    placed = exists().where(PlacementRow.referral_id == row.id)
    runs = placed.where(or_(PlacementRow.ended_on.is_(None), PlacementRow.ended_on >= london_date(cut.before)))
    last_open = select(func.max(IssueRow.deadline_at)).where(IssueRow.referral_id == row.id).scalar_subquery()
    ended = func.coalesce(row.closed_at, last_open, row.created_at)
    return select(row.id).where(
        or_(and_(placed, ~runs), and_(~placed, ended < cut.before)),
        ~exists().where(follower.follows_id == row.id),
        row.author_id.not_in(cut.held),
    )


def _remove_referrals(session: Session, ids: Sequence[Any]) -> None:
    remove_messages_about(session, "referral", ids)
    _remove(session, _table(ReferralRow), ReferralRow.id.in_(ids))


def _ended(cut: Cut) -> Select[Any]:
    """Placements that ended long ago and have no referral, or whose referral has gone."""
    row = PlacementRow
    return select(row.id).where(
        row.referral_id.is_(None), row.ended_on < london_date(cut.before), row.council_contact_id.not_in(cut.held)
    )


def _remove_placements(session: Session, ids: Sequence[Any]) -> None:
    remove_messages_about(session, "placement", ids)
    _remove(session, _table(PlacementRow), PlacementRow.id.in_(ids))


def _settled(cut: Cut) -> Select[Any]:
    """Statutory clocks that were stopped, or whose steps were all done, long ago."""
    row, before = ClockRow, london_date(cut.before)
    steps = exists().where(ClockStepRow.clock_id == row.id)
    open_or_recent = steps.where(or_(ClockStepRow.done_on.is_(None), ClockStepRow.done_on >= before))
    return select(row.id).where(or_(row.stopped_on < before, ~open_or_recent), row.owner_id.not_in(cut.held))


def _remove_clocks(session: Session, ids: Sequence[Any]) -> None:
    _remove(session, _table(ClockRow), ClockRow.id.in_(ids))


def _table(row: type[Base]) -> Table:
    found = row.__table__
    assert isinstance(found, Table)  # noqa: S101 - what every mapped class of ours has
    return found


def _remove(session: Session, table: Table, condition: ColumnElement[bool], *above: Table) -> None:
    """Delete rows with all that hangs on them: what must refer to them goes, what may do so lets them go.

    Read from the foreign keys, so that what a later issue hangs on a referral goes with it too.
    """
    for child in Base.metadata.sorted_tables:
        for column in child.columns:
            keys = [key for key in column.foreign_keys if key.column.table is table]
            if not keys or child is table or child in above:
                continue
            hanging = column.in_(select(keys[0].column).where(condition))
            if column.nullable:
                session.execute(update(child).where(hanging).values({column.name: None}))
            else:
                _remove(session, child, hanging, table, *above)
    session.execute(delete(table).where(condition))


SWEEPERS: Mapping[str, Sweeper] = {
    "referrals.procurement": Sweeper(_over, _remove_referrals),
    "referrals.placements": Sweeper(_ended, _remove_placements),
    "referrals.clocks": Sweeper(_settled, _remove_clocks),
}
