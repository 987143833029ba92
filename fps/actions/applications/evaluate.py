from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete

from fps.actions.applications.find_application import find_evaluated
from fps.model.applications import ApplicationState, Mark
from fps.queries.applications import last_submission
from fps.queries.evaluations import own_marks
from fps.rules.applications import check_mark, wanted_marks
from fps.tables import ApplicationRow, EvaluatorRow, MarkRow
from kernel import audit
from kernel.errors import ConflictError, InvalidInputError
from kernel.work import Work
from people.model import Actor


@dataclass(frozen=True)
class SaveMarks:
    """What an evaluator has judged so far; `is_finished` hands it in."""

    application_id: str
    marks: tuple[Mark, ...]
    is_finished: bool


def declare_interest(work: Work, actor: Actor, application_id: str, *, has_conflict: bool) -> None:
    """Declare whether one has a conflict of interest in an application (R25).

    With one, one reads no more of it and what one has written goes. Raises NotFoundError for whoever was not named,
    ConflictError for taking a conflict back or once one has finished.
    """
    row, mine = find_evaluated(work, actor, application_id)
    _check_under_way(row, mine)
    if mine.has_conflict and not has_conflict:
        raise ConflictError("You have declared a conflict of interest. The lead authority names somebody else.")
    if mine.has_conflict == has_conflict:
        return
    mine.has_conflict, mine.declared_at = has_conflict, work.now
    if has_conflict:
        own = (MarkRow.application_id == row.id, MarkRow.person_id == actor.id)
        work.session.execute(delete(MarkRow).where(*own))
    details = {"has_conflict": has_conflict}
    audit.record(work, actor=actor.id, action="fps.declare_interest", subject=("application", row.id), details=details)


def save_marks(work: Work, actor: Actor, command: SaveMarks) -> None:
    """Save an evaluator's marks with their reasons, and hand them in when they are finished (R25).

    Each judges alone: nobody else sees them before all are in. Raises InvalidInputError for a mark without its
    reason or what is still missing, ConflictError before one has declared to have no conflict and once one has
    finished.
    """
    row, mine = find_evaluated(work, actor, command.application_id)
    _check_under_way(row, mine)
    if mine.has_conflict is not False:
        raise ConflictError("Say first that you have no conflict of interest.")
    wanted = _wanted(work, row.id)
    for mark in command.marks:
        check_mark(mark, wanted)
    for mark in command.marks:
        work.session.merge(
            MarkRow(
                application_id=row.id,
                person_id=actor.id,
                subject=mark.subject,
                criterion=mark.criterion,
                mark=mark.mark,
                reason=mark.reason.strip(),
                saved_at=work.now,
            )
        )
    work.session.flush()
    if command.is_finished:
        _finish(work, actor, mine, wanted)
    details = {"marks": len(command.marks), "is_finished": command.is_finished}
    audit.record(work, actor=actor.id, action="fps.save_marks", subject=("application", row.id), details=details)


def _check_under_way(row: ApplicationRow, mine: EvaluatorRow) -> None:
    if row.state != ApplicationState.SUBMITTED:
        raise ConflictError("This application is not being evaluated any more.")
    if mine.finished_at is not None:
        raise ConflictError("You have handed in your evaluation. It cannot be changed any more.")


def _wanted(work: Work, application_id: str) -> tuple[tuple[str, str], ...]:
    sent = last_submission(work.session, application_id)
    return wanted_marks(one["entry"] for one in sent.content["settings"]) if sent else ()


def _finish(work: Work, actor: Actor, mine: EvaluatorRow, wanted: Sequence[tuple[str, str]]) -> None:
    given = {(mark.subject, mark.criterion) for mark in own_marks(work.session, mine.application_id, actor.id)}
    for subject, criterion in wanted:
        if (subject, criterion) not in given:
            raise InvalidInputError(f"mark-{subject}-{criterion}", "Give a mark and the reason for it.")
    mine.finished_at = work.now
