from __future__ import annotations

from datetime import timedelta

from sqlalchemy import case, select, update

from channels.adapter import Adapter
from channels.rules.pace import Granted, grant
from channels.tables import PaceRow
from kernel.events import insert_ignore
from kernel.work import Work


def look(work: Work, adapter: Adapter, wanted: int) -> Granted:
    """Say how many of `wanted` turns the provider's pace allows; all other workers wait until the transaction ends."""
    now = work.now.timestamp()
    free_from = work.session.scalar(
        select(PaceRow.free_from).where(PaceRow.provider == adapter.provider).with_for_update()
    )
    if free_from is None:
        insert_ignore(work.session, PaceRow, [{"provider": adapter.provider, "free_from": 0.0}])
        return look(work, adapter, wanted)
    if adapter.pace is None:
        return Granted(wanted, free_from, 0.0) if free_from <= now else Granted(0, free_from, free_from - now)
    return grant(wanted, free_from, now, adapter.pace.per_s, adapter.pace.burst)


def charge(work: Work, adapter: Adapter, granted: Granted, used: int) -> None:
    """Take the turns that were `used` of those granted in this transaction, or more where texts were long."""
    if used and adapter.pace is not None:
        change = update(PaceRow).where(PaceRow.provider == adapter.provider)
        free_from = granted.free_from + (used - granted.count) / adapter.pace.per_s
        work.session.execute(change.values(free_from=free_from))


def pause(work: Work, provider: str, seconds: float) -> None:
    """Let nothing go to a provider for so long: it asked for rest, or our credentials are refused."""
    until = (work.now + timedelta(seconds=seconds)).timestamp()
    change = update(PaceRow).where(PaceRow.provider == provider)
    work.session.execute(change.values(free_from=case((PaceRow.free_from < until, until), else_=PaceRow.free_from)))
