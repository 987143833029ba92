from __future__ import annotations

from sqlalchemy.orm import Session

from hub.retention import RETENTION, SWEEPERS, Periods, cut_of
from kernel.audit import SYSTEM
from kernel.work import Ground
from people.actions.note_retention_run import begin_retention_run, end_retention_run

BATCH = 500


def run_retention(ground: Ground, kept: Periods, *, by: str = SYSTEM, is_dry: bool = False) -> dict[str, int]:
    """Let go what the retention schedule no longer keeps, rule by rule; return how much, and keep that as a run.

    Works in batches, one transaction each: what a batch has taken is no longer found, so a run that was stopped goes
    on where it was. A dry run only counts.
    """
    with ground.work() as work:
        run_id = begin_retention_run(work, by, is_dry=is_dry)
    counts: dict[str, int] = {}
    for rule in RETENTION:
        if rule.key in kept:
            counts[rule.key] = _count(ground, rule.key, kept) if is_dry else _sweep(ground, rule.key, kept)
    with ground.work() as work:
        end_retention_run(work, run_id, by, counts)
    return counts


def _count(ground: Ground, key: str, kept: Periods) -> int:
    with ground.read() as session:
        return SWEEPERS[key].count(session, cut_of(ground.clock.now(), kept[key]))


def _sweep(ground: Ground, key: str, kept: Periods) -> int:
    total = 0
    while True:
        with ground.work() as work:
            taken = _batch(work.session, key, kept, ground)
        total += taken
        if taken < BATCH:
            return total


def _batch(session: Session, key: str, kept: Periods, ground: Ground) -> int:
    return SWEEPERS[key].sweep(session, cut_of(ground.clock.now(), kept[key]), BATCH)
