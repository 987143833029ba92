from __future__ import annotations

from sqlalchemy.orm import Session

from kernel import audit
from kernel.ids import new_id
from kernel.work import Ground, Work
from people.rights.model import AuditCheck
from people.rights.queries import last_audit_check
from people.tables import AuditCheckRow


def check_audit(ground: Ground, by: str = audit.SYSTEM) -> AuditCheck:
    """Walk the audit log's whole chain, find the head of the last good walk in it, and note what came of it (R34)."""
    with ground.read() as session:
        verdict = audit.verify(session, expected_head=_known_head(session))
    with ground.work() as work:
        return _note(work, by, verdict)


def _known_head(session: Session) -> str | None:
    known = last_audit_check(session, whole=True)
    return known.head if known else None


def _note(work: Work, by: str, verdict: audit.AuditVerdict) -> AuditCheck:
    work.session.add(
        AuditCheckRow(
            id=new_id(),
            at=work.now,
            checked_by=by,
            entries=verdict.entries,
            head=verdict.head,
            broken_at=verdict.broken_at,
            reason=verdict.reason,
        )
    )
    return AuditCheck(work.now, by, verdict.entries, verdict.head, verdict.broken_at, verdict.reason)
