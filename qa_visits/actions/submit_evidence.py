from __future__ import annotations

from dataclasses import dataclass

from channels.actions.cancel_messages import cancel_messages
from channels.model import Subject
from kernel.audit import record
from kernel.errors import ConflictError, InvalidInputError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from qa_visits.actions.find_action import find_own_action
from qa_visits.actions.tell_of_action import tell_of_action
from qa_visits.actions.write_step import write_step
from qa_visits.messages.on_actions import EVIDENCE_IN, REMINDERS
from qa_visits.model import ActionState, Verdict
from qa_visits.rules.plans import MAX_EVIDENCE_CHARACTERS, MIN_EVIDENCE_CHARACTERS
from qa_visits.tables import EvidenceRow


@dataclass(frozen=True)
class SubmitEvidence:
    """What the provider says has been done."""

    action_id: str
    text: str


def submit_evidence(work: Work, actor: Actor, command: SubmitEvidence) -> str:
    """Send in evidence for an action of the actor's own provider; return its id.

    The officer is told, and reminders stop while it waits to be checked. Raises NotFoundError for another
    provider's action, ConflictError for a verified one, InvalidInputError for a text too short or too long.
    """
    row = find_own_action(work, actor, command.action_id)
    if row.state == ActionState.VERIFIED:
        raise ConflictError("This action is done: a quality officer has verified it.")
    text = command.text.strip()
    if not MIN_EVIDENCE_CHARACTERS <= len(text) <= MAX_EVIDENCE_CHARACTERS:
        raise InvalidInputError(
            "text",
            "Describe what was done in {least} to {most} characters.",
            least=MIN_EVIDENCE_CHARACTERS,
            most=MAX_EVIDENCE_CHARACTERS,
        )
    evidence = EvidenceRow(
        id=new_id(), action_id=row.id, text=text, sent_by=actor.id, sent_at=work.now, verdict=Verdict.WAITING
    )
    work.session.add(evidence)
    row.state, row.is_evidence_rejected, row.next_chaser_on = ActionState.EVIDENCE_IN, False, None
    write_step(work, row.id, actor.id, "Evidence sent")
    record(work, actor=actor.id, action="qa_visits.submit_evidence", subject=("improvement_action", row.id))
    about = Subject("improvement_action", row.id)
    cancel_messages(work, about=about, keys=[each.key for each in REMINDERS], detail="the evidence is in")
    tell_of_action(work, row, row.officer_id, EVIDENCE_IN)
    return evidence.id
