from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kernel.audit import record
from kernel.calendar import is_working_day, london_date
from kernel.errors import ConflictError, InvalidInputError
from kernel.events import publish
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor, Role
from people.queries import person
from qa_visits.actions.find_visit import find_visit, step_forward
from qa_visits.actions.tell_of_action import tell_of_action
from qa_visits.actions.write_step import write_step
from qa_visits.events import VisitDone
from qa_visits.messages.on_actions import ACTION_NEW
from qa_visits.model import ActionState, Head, Judgement, Priority, VisitState
from qa_visits.queries import figures
from qa_visits.rules.chasers import next_chaser
from qa_visits.rules.wording import day_label
from qa_visits.tables import ActionRow, VisitRow


@dataclass(frozen=True)
class NewAction:
    """An improvement action: what, under which head, whose, measured how, until when."""

    title: str
    head: Head
    priority: Priority
    owner_id: str
    success_measure: str
    due_on: date


@dataclass(frozen=True)
class RecordOutcome:
    """What a visit found, in a sentence or two, and the improvement actions that it leaves."""

    visit_id: str
    judgement: Judgement
    summary: str
    actions: tuple[NewAction, ...] = ()


def record_outcome(work: Work, actor: Actor, command: RecordOutcome) -> list[str]:
    """Record that a visit took place and what it found; return the ids of the improvement actions that it leaves.

    Their owners are told at once. Raises NotFoundError for a visit that the actor's council does not plan,
    ConflictError for one that is not booked or still to come, InvalidInputError for what is missing or does not
    fit.
    """
    row = find_visit(work, actor, command.visit_id)
    step_forward(row, VisitState.DONE)
    if london_date(work.now) < row.day:
        raise ConflictError("This visit is still to come. Record its outcome on the day or later.")
    _check_command(work, row, command)
    row.judgement, row.summary = command.judgement, command.summary.strip()
    write_step(work, row.id, actor.id, "Done", command.judgement.label)
    action_ids = [_open_action(work, actor, row, new) for new in command.actions]
    record(
        work,
        actor=actor.id,
        action="qa_visits.record_outcome",
        subject=("visit", row.id),
        details={"judgement": command.judgement, "actions": action_ids},
    )
    publish(work, VisitDone(row.id, row.council_id, row.setting_id, command.judgement))
    return action_ids


def _check_command(work: Work, row: VisitRow, command: RecordOutcome) -> None:
    if not command.summary.strip():
        raise InvalidInputError("summary", "Say in a sentence or two what the visit found.")
    if not command.actions and command.judgement is not Judgement.ASSURED:
        raise InvalidInputError("title", "Unless the setting is assured, the visit leaves an improvement action.")
    for new in command.actions:
        _check_action(work, row, new)


def _check_action(work: Work, row: VisitRow, new: NewAction) -> None:
    if not new.title.strip():
        raise InvalidInputError("title", "Say what is to be improved.")
    if not new.success_measure.strip():
        raise InvalidInputError("success_measure", "Say how everybody will know that it is done.")
    if new.due_on <= london_date(work.now):
        raise InvalidInputError("due_on", "The due date must be later than today.")
    if not is_working_day(new.due_on):
        raise InvalidInputError("due_on", "The due date must be a working day.")
    if not person(work.session, new.owner_id).has(Role.PROVIDER_USER, row.provider_id):
        raise InvalidInputError("owner", "Choose somebody of the provider.")


def _open_action(work: Work, actor: Actor, row: VisitRow, new: NewAction) -> str:
    today = london_date(work.now)
    chaser = next_chaser(new.due_on, figures(work.session).chaser_offsets_wd, after=today)
    action = ActionRow(
        id=new_id(),
        visit_id=row.id,
        council_id=row.council_id,
        setting_id=row.setting_id,
        provider_id=row.provider_id,
        officer_id=row.officer_id,
        title=new.title.strip(),
        head=new.head,
        priority=new.priority,
        owner_id=new.owner_id,
        success_measure=new.success_measure.strip(),
        due_on=new.due_on,
        state=ActionState.OPEN,
        is_evidence_rejected=False,
        next_chaser_on=chaser.day if chaser else None,
        opened_at=work.now,
    )
    work.session.add(action)
    work.session.flush()
    write_step(work, action.id, actor.id, "Opened", f"Due {day_label(new.due_on)}.")
    tell_of_action(work, action, new.owner_id, ACTION_NEW)
    return action.id
