from __future__ import annotations

from datetime import date

from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.model.clocks import Due, Step
from referrals.rules.clocks import LONGEST_REASON, check_done
from referrals.tables import ClockRow, ClockStepRow


def finish_step(work: Work, actor: Actor, clock_id: str, step: Step, done_on: date) -> None:
    """Record that a step of a clock was done on a day.

    Raises NotFoundError for another council's clock, ConflictError where it is done or the clock was stopped,
    InvalidInputError for a day before the clock's start or to come.
    """
    row = _running(work, actor, clock_id)
    kept = work.session.get(ClockStepRow, (row.id, step), with_for_update=True, populate_existing=True)
    if kept is None:
        raise NotFoundError
    check_done(Due(step, kept.due_on, kept.done_on), row.started_on, done_on, london_date(work.now))
    kept.done_on, kept.done_by = done_on, actor.id
    details = {"step": step, "done_on": done_on.isoformat(), "is_late": done_on > kept.due_on}
    audit.record(work, actor=actor.id, action="referrals.finish_step", subject=("clock", row.id), details=details)


def stop_clock(work: Work, actor: Actor, clock_id: str, reason: str) -> None:
    """Stop a clock that was started by mistake or is not needed any more, with the reason. Its days stay on record.

    Raises NotFoundError for another council's, ConflictError for a stopped one, InvalidInputError without reason.
    """
    row = _running(work, actor, clock_id)
    if not reason.strip():
        raise InvalidInputError("reason", "Say why this clock stops.")
    if len(reason.strip()) > LONGEST_REASON:
        raise InvalidInputError("reason", "Use at most {most} characters.", most=LONGEST_REASON)
    row.stopped_on, row.stop_reason = london_date(work.now), reason.strip()
    audit.record(work, actor=actor.id, action="referrals.stop_clock", subject=("clock", row.id), details={})


def take_clock(work: Work, actor: Actor, clock_id: str) -> None:
    """Take a clock over from a colleague, with its reminders. Raises NotFoundError, ConflictError for a stopped one."""
    row = _running(work, actor, clock_id)
    before, row.owner_id = row.owner_id, actor.id
    audit.record(
        work, actor=actor.id, action="referrals.take_clock", subject=("clock", row.id), details={"from": before}
    )


def _running(work: Work, actor: Actor, clock_id: str) -> ClockRow:
    row = work.session.get(ClockRow, clock_id, with_for_update=True, populate_existing=True)
    if row is None or row.council_id not in organisations_with(actor, Permission.PLACEMENTS_MANAGE):
        raise NotFoundError
    if row.stopped_on is not None:
        raise ConflictError("This clock was stopped.")
    return row
