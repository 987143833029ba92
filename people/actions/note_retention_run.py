from __future__ import annotations

from collections.abc import Mapping

from kernel import audit
from kernel.ids import new_id
from kernel.work import Work
from people.tables import RetentionRunRow


def begin_retention_run(work: Work, by: str, *, is_dry: bool) -> str:
    """Note that a run of the retention schedule has begun; return its id."""
    run_id = new_id()
    work.session.add(RetentionRunRow(id=run_id, at=work.now, run_by=by, is_dry=is_dry, counts={}))
    return run_id


def end_retention_run(work: Work, run_id: str, by: str, counts: Mapping[str, int]) -> None:
    """Note what a run took, or a dry one would have taken; the log has it too."""
    row = work.session.get_one(RetentionRunRow, run_id)
    row.counts, row.ended_at = dict(counts), work.now
    details = {"is_dry": row.is_dry, **{key: count for key, count in counts.items() if count}}
    audit.record(work, actor=by, action="hub.retention", subject=("retention_run", run_id), details=details)
