from __future__ import annotations

from kernel.audit import record
from kernel.errors import ConflictError
from kernel.events import publish
from kernel.work import Work
from people.model import Actor
from qa_visits.actions.find_action import find_action_to_check
from qa_visits.actions.judge_evidence import judge_evidence
from qa_visits.actions.tell_of_action import tell_of_action
from qa_visits.actions.write_step import write_step
from qa_visits.events import ActionVerified
from qa_visits.messages.on_actions import ACTION_VERIFIED
from qa_visits.model import ActionState, Verdict


def verify_action(work: Work, actor: Actor, action_id: str) -> None:
    """Find that the evidence shows the action done, which closes it. Only a quality officer may.

    Raises NotFoundError for another council's action, ForbiddenError for anybody else, ConflictError where no
    evidence waits.
    """
    row = find_action_to_check(work, actor, action_id)
    if row.state != ActionState.EVIDENCE_IN:
        raise ConflictError("No evidence waits to be checked for this action.")
    judge_evidence(work, actor, row, Verdict.VERIFIED, "")
    row.state = ActionState.VERIFIED
    write_step(work, row.id, actor.id, "Verified")
    record(work, actor=actor.id, action="qa_visits.verify_action", subject=("improvement_action", row.id))
    publish(work, ActionVerified(row.id, row.council_id, row.setting_id))
    tell_of_action(work, row, row.owner_id, ACTION_VERIFIED)
