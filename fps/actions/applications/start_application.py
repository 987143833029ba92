from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from fps.actions.applications.find_application import check_open
from fps.actions.rounds.take_part import note_application
from fps.events import ApplicationStarted
from fps.model.applications import ApplicationState
from fps.tables import ApplicationRow
from kernel import audit
from kernel.errors import ForbiddenError
from kernel.events import insert_ignore, publish
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with


def start_application(work: Work, actor: Actor, round_id: str, provider_id: str, at: datetime) -> str:
    """Start a provider's application to a round, or find the one that is there; return its id.

    A provider has one application in a round: two who start at once write the same one, and one that was withdrawn
    is taken up again. Raises ForbiddenError for another's provider, TooLateError once the round has closed.
    """
    if provider_id not in organisations_with(actor, Permission.SETTINGS_OWN):
        raise ForbiddenError
    joined = check_open(work, round_id, at)
    new = {
        "id": new_id(),
        "round_id": round_id,
        "provider_id": provider_id,
        "lead_id": joined.lead_id,
        "state": ApplicationState.DRAFT,
        "created_at": work.now,
        "created_by": actor.id,
    }
    insert_ignore(work.session, ApplicationRow, [new])
    row = work.session.scalars(
        select(ApplicationRow)
        .where(ApplicationRow.round_id == round_id, ApplicationRow.provider_id == provider_id)
        .with_for_update()
    ).one()
    if row.id != new["id"] and row.state != ApplicationState.WITHDRAWN:
        return row.id
    row.state, row.withdrawn_at, row.checksum = ApplicationState.DRAFT, None, None
    row.submitted_at, row.submitted_by = None, None
    details = {"round_id": round_id, "provider_id": provider_id}
    audit.record(work, actor=actor.id, action="fps.start_application", subject=("application", row.id), details=details)
    publish(work, ApplicationStarted(row.id, round_id, provider_id, actor.id))
    note_application(work, round_id, actor.id, provider_id)
    return row.id
