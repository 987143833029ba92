from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fps.model import DocumentKind
from fps.queries import setting
from fps.tables import DocumentRow
from kernel import audit
from kernel.errors import ForbiddenError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor, Role


@dataclass(frozen=True)
class RecordDocument:
    """A document that was seen for a setting; it holds to the end of `valid_until`, or for good without one."""

    setting_id: str
    kind: DocumentKind
    valid_until: date | None


def record_document(work: Work, actor: Actor, command: RecordDocument) -> str:
    """Record that a lead authority has seen a document; from now on it counts as the newest of its kind."""
    if not actor.has(Role.LEAD_AUTHORITY):
        raise ForbiddenError
    setting(work.session, command.setting_id)
    document_id = new_id()
    work.session.add(
        DocumentRow(
            id=document_id,
            setting_id=command.setting_id,
            kind=command.kind,
            valid_until=command.valid_until,
            recorded_at=work.now,
            recorded_by=actor.id,
        )
    )
    audit.record(
        work,
        actor=actor.id,
        action="fps.record_document",
        subject=("setting", command.setting_id),
        details={
            "kind": command.kind,
            "valid_until": command.valid_until.isoformat() if command.valid_until else None,
        },
    )
    return document_id
