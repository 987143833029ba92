from __future__ import annotations

from sqlalchemy import select

from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.actions.find_request import clock_of, find_request, note_step, set_clock
from people.actions.restrict_person import restrict_person
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.queries import person
from people.rights.model import ExtensionReason, Identity, Outcome, PauseReason, RequestKind
from people.rights.queries import is_within
from people.rights.rules import may_extend
from people.tables import RightsPauseRow

_ENDS_UNASKED = frozenset({RequestKind.OBJECTION, RequestKind.RESTRICTION})
_NEEDS_PERSON = frozenset({RequestKind.ACCESS, RequestKind.RECTIFICATION, RequestKind.ERASURE, *_ENDS_UNASKED})


def hand_request(work: Work, actor: Actor, request_id: str, handler_id: str) -> None:
    """Let somebody handle a request, oneself or a colleague who may; they get the reminders."""
    row = find_request(work, actor, request_id)
    handler = person(work.session, handler_id)
    if row.council_id not in organisations_with(handler, Permission.RIGHTS_HANDLE):
        raise NotFoundError
    row.handler_id = handler_id
    note_step(work, row, actor.id, "handed")


def name_person(work: Work, actor: Actor, request_id: str, person_id: str) -> None:
    """Say whom a request is about; raises NotFoundError for somebody of another council's area."""
    row = find_request(work, actor, request_id)
    if not is_within(work.session, person(work.session, person_id).id, (row.council_id,)):
        raise NotFoundError
    row.person_id = person_id
    row.reviewed_at = row.reviewed_by = row.reviewed_digest = None
    note_step(work, row, actor.id, "person_named")


def check_identity(work: Work, actor: Actor, request_id: str, how: Identity) -> None:
    """Record that somebody made sure who asks, and how. Where the clock waited for that, it starts on this day."""
    row = find_request(work, actor, request_id)
    row.identity = how
    if _end_pause(work, row.id, PauseReason.IDENTITY):
        row.identity_on = london_date(work.now)
    set_clock(work, row)
    note_step(work, row, actor.id, "identity_checked", how)


def pause_request(work: Work, actor: Actor, request_id: str, why: PauseReason) -> None:
    """Stop the clock: they were asked what they mean, or who they are (V11).

    Raises ConflictError if it stands still already.
    """
    row = find_request(work, actor, request_id)
    if row.kind == RequestKind.COMPLAINT:
        raise ConflictError("The days to acknowledge a complaint cannot be stopped.")
    if any(pause.until is None for pause in clock_of(work, row).pauses):
        raise ConflictError("The clock stands still already.")
    if why is PauseReason.IDENTITY and row.identity is not None:
        raise ConflictError("You have recorded already how you made sure who asks.")
    work.session.add(RightsPauseRow(id=new_id(), request_id=row.id, why=why, since=london_date(work.now)))
    set_clock(work, row)
    note_step(work, row, actor.id, "paused", why)


def resume_request(work: Work, actor: Actor, request_id: str) -> None:
    """Let the clock run again: they have said what they mean. Raises ConflictError if it runs."""
    row = find_request(work, actor, request_id)
    if not _end_pause(work, row.id, PauseReason.CLARIFICATION):
        raise ConflictError("The clock does not wait for an explanation.")
    set_clock(work, row)
    note_step(work, row, actor.id, "resumed")


def extend_request(work: Work, actor: Actor, request_id: str, why: ExtensionReason, *, has_told: bool) -> None:
    """Take two more months; they must have been told, with the reason, within the first (V11).

    Raises InvalidInputError if they were not told, ConflictError if it is too late or was done before.
    """
    row = find_request(work, actor, request_id)
    if not has_told:
        raise InvalidInputError("has_told", "Tell them first, and why: only then does the law give two more months.")
    if not may_extend(clock_of(work, row), london_date(work.now)):
        raise ConflictError("Two more months can be taken once, and within the first month only.")
    row.extended_on = london_date(work.now)
    set_clock(work, row)
    note_step(work, row, actor.id, "extended", why)


def acknowledge_complaint(work: Work, actor: Actor, request_id: str) -> None:
    """Record that a complaint was acknowledged; raises ConflictError for anything else or a second time."""
    row = find_request(work, actor, request_id)
    if row.kind != RequestKind.COMPLAINT or row.acknowledged_on is not None:
        raise ConflictError("There is nothing to acknowledge any more.")
    row.acknowledged_on = london_date(work.now)
    set_clock(work, row)
    note_step(work, row, actor.id, "acknowledged")


def stop_unasked(work: Work, actor: Actor, request_id: str) -> None:
    """Carry out an objection or a restriction: nothing unasked is sent to them any more."""
    row = find_request(work, actor, request_id)
    if row.kind not in _ENDS_UNASKED or row.person_id is None or row.identity is None:
        raise ConflictError("Say first whom it is about and how you made sure who asks.")
    restrict_person(work, row.person_id, request_id=row.id, actor=actor.id)
    note_step(work, row, actor.id, "restricted")


def close_request(work: Work, actor: Actor, request_id: str, outcome: Outcome) -> None:
    """Close a request with its outcome.

    Raises ConflictError where it was granted without anybody having made sure who asked, or a complaint is not
    acknowledged.
    """
    row = find_request(work, actor, request_id)
    granted = outcome in (Outcome.DONE, Outcome.PARTLY)
    if granted and row.kind in _NEEDS_PERSON and (row.person_id is None or row.identity is None):
        raise ConflictError("Say first whom it is about and how you made sure who asks.")
    if row.kind == RequestKind.COMPLAINT and row.acknowledged_on is None:
        raise ConflictError("Acknowledge the complaint first.")
    if granted and row.kind == RequestKind.ERASURE and row.erased is None:
        raise ConflictError("Nothing has been erased yet.")
    row.ended_at, row.outcome, row.due_on = work.now, outcome, None
    note_step(work, row, actor.id, "closed", outcome)


def _end_pause(work: Work, request_id: str, why: PauseReason) -> bool:
    asked = select(RightsPauseRow).where(RightsPauseRow.request_id == request_id, RightsPauseRow.why == why)
    found = work.session.scalars(asked.where(RightsPauseRow.until.is_(None))).first()
    if found is None:
        return False
    found.until = london_date(work.now)
    return True
