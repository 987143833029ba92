from __future__ import annotations

from sqlalchemy import select, update

from kernel import audit
from kernel.work import Work
from people.rules.factors import matching_step, recovery_digest
from people.tables import AuthenticatorRow, RecoveryCodeRow


def prove_by_app(work: Work, person_id: str, code: str) -> bool:
    """Tell whether the code is the one that the person's authenticator app shows; each code counts once.

    Either way the log says so: a refusal is for whoever watches for guessing.
    """
    mine = select(AuthenticatorRow).where(AuthenticatorRow.person_id == person_id).with_for_update()
    row = work.session.scalars(mine).first()
    step = None
    if row is not None and row.secret is not None:
        step = matching_step(row.secret, code, work.now, row.last_step)
        row.last_step = row.last_step if step is None else step
    return _told(work, person_id, "app", is_right=step is not None)


def prove_by_recovery_code(work: Work, person_id: str, code: str) -> bool:
    """Tell whether the code is one of the person's recovery codes not used before; it is used up then."""
    unused = (
        RecoveryCodeRow.person_id == person_id,
        RecoveryCodeRow.digest == recovery_digest(person_id, code),
        RecoveryCodeRow.used_at.is_(None),
    )
    spent = update(RecoveryCodeRow).where(*unused).values(used_at=work.now).returning(RecoveryCodeRow.id)
    is_right = work.session.scalars(spent).first() is not None
    return _told(work, person_id, "recovery_code", is_right=is_right)


def _told(work: Work, person_id: str, by: str, *, is_right: bool) -> bool:
    action = "people.second_factor" if is_right else "people.second_factor_refused"
    audit.record(work, actor=person_id, action=action, subject=("person", person_id), details={"by": by})
    return is_right
