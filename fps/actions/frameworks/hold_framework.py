from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from fps.model.frameworks import ChangeKind
from fps.tables import FrameworkChangeRow, FrameworkRow
from kernel import audit
from kernel.errors import ConflictError, NotFoundError
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with


@dataclass(frozen=True)
class Noted:
    """A line of a framework's history; `details` are ids, codes and days, never anybody's words."""

    what: ChangeKind
    lot_id: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


def hold_framework(work: Work, actor: Actor, framework_id: str, edition: int) -> FrameworkRow:
    """Return a framework of the actor's, held until the end of the work and about to change.

    Raises NotFoundError for any that the actor does not lead, ConflictError where it has changed since `edition`.
    """
    found = select(FrameworkRow).where(FrameworkRow.id == framework_id).with_for_update()
    row = work.session.scalars(found.execution_options(populate_existing=True)).first()
    if row is None or row.lead_id not in organisations_with(actor, Permission.REGISTER_MANAGE):
        raise NotFoundError
    if row.edition != edition:
        raise ConflictError(
            "Somebody has changed this framework since you opened the page. Look at it as it is now, and try again."
        )
    row.edition += 1
    return row


def note_change(work: Work, actor: Actor, framework_id: str, noted: Noted) -> None:
    """Write what has happened to a framework into its history and into the log."""
    last = select(func.max(FrameworkChangeRow.number)).where(FrameworkChangeRow.framework_id == framework_id)
    work.session.add(
        FrameworkChangeRow(
            framework_id=framework_id,
            number=(work.session.scalar(last) or 0) + 1,
            what=noted.what,
            lot_id=noted.lot_id,
            details=dict(noted.details),
            reason=noted.reason,
            recorded_at=work.now,
            actor_id=actor.id,
        )
    )
    work.session.flush()
    audit.record(
        work,
        actor=actor.id,
        action=f"fps.framework_{noted.what}",
        subject=("framework", framework_id),
        details={**noted.details, **({"lot_id": noted.lot_id} if noted.lot_id else {})},
    )
