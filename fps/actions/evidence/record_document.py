from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fps.actions.evidence.end_hold import end_holds
from fps.actions.evidence.make_current import lock_provider, make_current
from fps.model import DocumentKind
from fps.model.evidence import DocumentState
from fps.queries import setting
from fps.queries.evidence import leads_provider
from fps.tables import DocumentRow
from kernel import audit
from kernel.errors import ForbiddenError, NotFoundError
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
    """Record that a lead authority has seen a document on paper; from now on it is the one of its kind that counts.

    Raises NotFoundError for a setting of a provider on none of the actor's frameworks.
    """
    if not actor.has(Role.LEAD_AUTHORITY):
        raise ForbiddenError
    card = setting(work.session, command.setting_id)
    if not leads_provider(work.session, actor, card.provider_id):
        raise NotFoundError
    lock_provider(work, card.provider_id)
    row = DocumentRow(
        id=new_id(),
        provider_id=card.provider_id,
        setting_id=card.id,
        kind=command.kind,
        state=DocumentState.ACCEPTED,
        is_current=False,
        valid_until=command.valid_until,
        recorded_at=work.now,
        recorded_by=actor.id,
        decided_at=work.now,
        decided_by=actor.id,
    )
    work.session.add(row)
    make_current(work, row)
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
    end_holds(work, row)
    return row.id
