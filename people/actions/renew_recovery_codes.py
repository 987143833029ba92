from __future__ import annotations

from sqlalchemy import delete

from kernel import audit
from kernel.ids import new_id
from kernel.work import Work
from people.rules.factors import new_recovery_codes, recovery_digest
from people.tables import RecoveryCodeRow


def renew_recovery_codes(work: Work, person_id: str) -> tuple[str, ...]:
    """Give a person fresh recovery codes and return them, this once: those from before are void."""
    codes = new_recovery_codes()
    work.session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.person_id == person_id))
    work.session.add_all(
        RecoveryCodeRow(id=new_id(), person_id=person_id, digest=recovery_digest(person_id, code), created_at=work.now)
        for code in codes
    )
    audit.record(work, actor=person_id, action="people.recovery_codes_renew", subject=("person", person_id))
    return codes
