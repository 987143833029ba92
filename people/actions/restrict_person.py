from __future__ import annotations

from sqlalchemy import update

from kernel import audit
from kernel.ids import new_id
from kernel.work import Work
from people.rights.queries import is_restricted
from people.tables import RestrictionRow


def restrict_person(work: Work, person_id: str, *, actor: str, request_id: str | None = None) -> None:
    """Send a person nothing unasked any more and leave them out of surveys, whatever they consented to before."""
    if is_restricted(work.session, person_id):
        return
    work.session.add(RestrictionRow(id=new_id(), person_id=person_id, request_id=request_id, since=work.now))
    audit.record(work, actor=actor, action="people.restrict", subject=("person", person_id))


def lift_restriction(work: Work, person_id: str, *, actor: str) -> None:
    """Let a person be written to again, as far as their consent and STOP allow."""
    lifted = update(RestrictionRow).where(RestrictionRow.person_id == person_id, RestrictionRow.ended_at.is_(None))
    work.session.execute(lifted.values(ended_at=work.now))
    audit.record(work, actor=actor, action="people.lift_restriction", subject=("person", person_id))
