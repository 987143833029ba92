from __future__ import annotations

from sqlalchemy import update

from kernel.work import Work
from people.model import Actor
from qa_visits.model import Verdict
from qa_visits.tables import ActionRow, EvidenceRow


def judge_evidence(work: Work, actor: Actor, row: ActionRow, verdict: Verdict, note: str) -> None:
    """Give all evidence of the action that waits one verdict."""
    waiting = update(EvidenceRow).where(EvidenceRow.action_id == row.id, EvidenceRow.verdict == Verdict.WAITING)
    work.session.execute(waiting.values(verdict=verdict, verdict_by=actor.id, verdict_at=work.now, verdict_note=note))
