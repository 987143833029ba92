from __future__ import annotations

from fps.actions.applications.find_application import find_own
from fps.actions.applications.stand_on_lots import asked_for
from fps.actions.standing.take_step import Step, standing_of, take_step
from fps.events import ApplicationWithdrawn
from fps.model import Status
from fps.model.applications import ApplicationState
from fps.tables import ApplicationRow
from kernel import audit
from kernel.errors import ConflictError
from kernel.events import publish
from kernel.work import Work
from people.model import Actor


def withdraw_application(work: Work, actor: Actor, application_id: str) -> None:
    """Withdraw an application; its settings leave the lots for which they applied. Twice does no harm.

    Raises ConflictError once it is decided.
    """
    row = find_own(work, actor, application_id)
    if row.state in (ApplicationState.WITHDRAWN, ApplicationState.CANCELLED):
        return
    if row.told_at is not None:
        raise ConflictError("The decision on this application is out. It can no longer be withdrawn.")
    leave_lots(work, actor.id, row)
    row.state, row.withdrawn_at, row.checksum = ApplicationState.WITHDRAWN, work.now, None
    audit.record(work, actor=actor.id, action="fps.withdraw_application", subject=("application", row.id))
    publish(work, ApplicationWithdrawn(row.id, row.round_id, row.provider_id))


def leave_lots(work: Work, by: str, row: ApplicationRow) -> None:
    """Let the settings of an opened application leave the lots on which they have only applied."""
    if row.state != ApplicationState.SUBMITTED or row.opened_at is None:
        return
    for setting_id, lot_id in asked_for(work, row):
        if standing_of(work, setting_id, lot_id) is Status.APPLIED:
            take_step(work, by, Step(setting_id, lot_id, Status.EXITED, "The application no longer asks for it."))
