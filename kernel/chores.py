from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from kernel.backoff import backoff
from kernel.tables import SlotRow
from kernel.work import Ground

log = logging.getLogger(__name__)

FAILURES_BEFORE_SHOWING = 3
_BASE_S = 5
_CAP_S = 900
_FAILING = ("waiting", "parked")


@dataclass(frozen=True)
class Chore:
    """Work that is looked after at every turn of the clock's hand, all day long. `run` returns how much it did."""

    name: str
    run: Callable[[], int]


def run_chores(ground: Ground, chores: Sequence[Chore]) -> int:
    """Run every chore, whatever becomes of the others; return how much they did.

    One that fails rests for a growing while. After 3 failures in a row it stands among the parked work, where an
    operator sees it; unlike other parked work it is tried all the same, and the first success takes it away.
    """
    failing = _failing(ground, chores)
    resting = {row.job for row in failing if row.due_at > ground.clock.now()}
    troubled = {row.job for row in failing}
    return sum(_run(ground, chore, chore.name in troubled) for chore in chores if chore.name not in resting)


def _failing(ground: Ground, chores: Sequence[Chore]) -> Sequence[SlotRow]:
    names = [chore.name for chore in chores]
    with ground.read() as session:
        found = select(SlotRow).where(SlotRow.job.in_(names), SlotRow.state.in_(_FAILING))
        return session.scalars(found).all()


def _run(ground: Ground, chore: Chore, was_failing: bool) -> int:  # noqa: FBT001 - the one thing known of it
    try:
        done = chore.run()
    except Exception:
        log.exception("chore failed", extra={"chore": chore.name})
        _note_failure(ground, chore, traceback.format_exc(limit=-5))
        return 0
    if was_failing:
        with ground.work() as work:
            work.session.execute(delete(SlotRow).where(SlotRow.job == chore.name))
    return done


def _note_failure(ground: Ground, chore: Chore, error: str) -> None:
    """Keep one row for each chore that fails; its slot is since when."""
    with ground.work() as work:
        found = select(SlotRow).where(SlotRow.job == chore.name, SlotRow.state.in_(_FAILING)).order_by(SlotRow.slot)
        row = work.session.scalars(found.limit(1).with_for_update()).first()
        if row is None:
            row = SlotRow(job=chore.name, slot=work.now, state="waiting", attempts=0)
            work.session.add(row)
        row.attempts += 1
        row.error = error
        row.due_at = work.now + backoff(row.attempts, base_s=_BASE_S, cap_s=_CAP_S)
        if row.attempts >= FAILURES_BEFORE_SHOWING:
            row.state = "parked"
