from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Protocol

from sqlalchemy import delete, select

from kernel.backoff import backoff
from kernel.calendar import at_london, london_date
from kernel.events import insert_ignore
from kernel.tables import SlotRow
from kernel.work import Ground, Work

log = logging.getLogger(__name__)

BELL = "clock"
ATTEMPTS_BEFORE_PARKING = 8
_LEASE = timedelta(minutes=15)
_KEEP = timedelta(days=30)


class When(Protocol):
    """Names the turns of a job."""

    def latest(self, now: datetime) -> datetime:
        """Return the latest turn that is due at `now`."""
        ...


@dataclass(frozen=True)
class Every:
    """A turn every `minutes`, counted from the epoch, so that all schedulers name the same turns."""

    minutes: int

    def latest(self, now: datetime) -> datetime:
        """Return the latest turn that is due at `now`."""
        span = self.minutes * 60
        return datetime.fromtimestamp(now.timestamp() // span * span, UTC)


@dataclass(frozen=True)
class DailyAt:
    """A turn a day when London clocks show this time; one also on the days on which clocks change."""

    hour: int
    minute: int = 0

    def latest(self, now: datetime) -> datetime:
        """Return the latest turn that is due at `now`."""
        today = london_date(now)
        turn = at_london(today, time(self.hour, self.minute))
        return turn if turn <= now else at_london(today - timedelta(days=1), time(self.hour, self.minute))


@dataclass(frozen=True)
class Job:
    """Timed work. `run` does all that is due by the slot and may run twice for one slot without harm.

    Only the latest slot is ever run: after a pause there is no queue of missed turns to work off. A turn that did
    not succeed is taken over by the next one, with its failures.
    """

    name: str
    when: When
    run: Callable[[Ground, datetime], None]


def run_due_jobs(ground: Ground, jobs: Sequence[Job]) -> int:
    """Run every job whose latest turn nobody has done; return how many ran well.

    A failing turn is tried again with growing pauses and parked after 8 attempts, where an operator sees it.
    """
    return sum(_run(ground, job, slot) for job in jobs if (slot := _claim(ground, job)) is not None)


def _claim(ground: Ground, job: Job) -> datetime | None:
    now = ground.clock.now()
    slot = job.when.latest(now)
    with ground.read() as session:
        row = session.get(SlotRow, (job.name, slot))
        if row is not None and (row.state != "waiting" or row.due_at > now):
            return None
    with ground.work() as work:
        if row is None:
            fresh = {"job": job.name, "slot": slot, "state": "waiting", "due_at": now, **_take_over(work, job, slot)}
            insert_ignore(work.session, SlotRow, [fresh])
        found = select(SlotRow).where(SlotRow.job == job.name, SlotRow.slot == slot)
        row = work.session.scalars(found.with_for_update(skip_locked=True)).first()
        if row is None or row.state != "waiting" or row.due_at > now:
            return None
        return slot if _begin(row, now) else None


def _take_over(work: Work, job: Job, slot: datetime) -> dict[str, Any]:
    """Take earlier turns that did not succeed off the table; return their failures, one short of parking at most."""
    unfinished = SlotRow.state.in_(["waiting", "parked"])
    old = delete(SlotRow).where(SlotRow.job == job.name, SlotRow.slot < slot, unfinished)
    gone = work.session.execute(old.returning(SlotRow.slot, SlotRow.attempts, SlotRow.error)).all()
    if not gone:
        return {"attempts": 0, "error": None}
    last = max(gone, key=lambda row: row.slot)
    return {"attempts": min(last.attempts, ATTEMPTS_BEFORE_PARKING - 1), "error": last.error}


def _begin(row: SlotRow, now: datetime) -> bool:
    if row.attempts >= ATTEMPTS_BEFORE_PARKING:
        row.state, row.error = "parked", row.error or "The process stopped each time while it ran."
        return False
    row.attempts += 1
    row.due_at = now + _LEASE
    return True


def _run(ground: Ground, job: Job, slot: datetime) -> bool:
    try:
        job.run(ground, slot)
    except Exception:
        log.exception("job failed", extra={"job": job.name})
        _finish(ground, job, slot, traceback.format_exc(limit=-5))
        return False
    _finish(ground, job, slot, None)
    return True


def _finish(ground: Ground, job: Job, slot: datetime, error: str | None) -> None:
    with ground.work() as work:
        row = work.session.get(SlotRow, (job.name, slot), with_for_update=True)
        if row is None:
            return  # it took so long that the next turn has taken over
        if error is None:
            row.state, row.error = "done", None
        else:
            row.state = "parked" if row.attempts >= ATTEMPTS_BEFORE_PARKING else "waiting"
            row.due_at = work.now + backoff(row.attempts, base_s=30, cap_s=900)
            row.error = error
        old = delete(SlotRow).where(SlotRow.job == job.name, SlotRow.slot < work.now - _KEEP)
        work.session.execute(old.where(SlotRow.state == "done"))
