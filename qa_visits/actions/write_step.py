from __future__ import annotations

from kernel.work import Work
from qa_visits.tables import StepRow


def write_step(work: Work, subject_id: str, actor_id: str, what: str, note: str = "") -> None:
    """Add a line to the timeline of a visit or an action. `actor_id` is a person or "system"."""
    work.session.add(StepRow(subject_id=subject_id, at=work.now, actor_id=actor_id, what=what, note=note))
