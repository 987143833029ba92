from __future__ import annotations

from dataclasses import dataclass

from kernel.audit import record
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError
from kernel.work import Work
from people.model import Actor
from qa_visits.actions.find_action import find_action_to_check
from qa_visits.actions.judge_evidence import judge_evidence
from qa_visits.actions.tell_of_action import tell_of_action
from qa_visits.actions.write_step import write_step
from qa_visits.messages.on_actions import EVIDENCE_REJECTED
from qa_visits.model import ActionState, Verdict
from qa_visits.queries import figures
from qa_visits.rules.chasers import next_chaser


@dataclass(frozen=True)
class RejectEvidence:
    """Evidence that does not show the action done, and what is missing."""

    action_id: str
    reason: str


def reject_evidence(work: Work, actor: Actor, command: RejectEvidence) -> None:
    """Send evidence back to the owner, whose reminders go on from tomorrow. Only a quality officer may.

    Raises NotFoundError for another council's action, ForbiddenError for anybody else, ConflictError where no
    evidence waits, InvalidInputError without a reason.
    """
    row = find_action_to_check(work, actor, command.action_id)
    if row.state != ActionState.EVIDENCE_IN:
        raise ConflictError("No evidence waits to be checked for this action.")
    reason = command.reason.strip()
    if not reason:
        raise InvalidInputError("reason", "Say what is missing.")
    judge_evidence(work, actor, row, Verdict.REJECTED, reason)
    row.state, row.is_evidence_rejected = ActionState.IN_PROGRESS, True
    offsets = figures(work.session).chaser_offsets_wd
    chaser = next_chaser(row.due_on, offsets, after=london_date(work.now))
    row.next_chaser_on = chaser.day if chaser else None
    write_step(work, row.id, actor.id, "Evidence sent back", reason)
    record(work, actor=actor.id, action="qa_visits.reject_evidence", subject=("improvement_action", row.id))
    tell_of_action(work, row, row.owner_id, EVIDENCE_REJECTED, reason=reason)
