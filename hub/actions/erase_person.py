from __future__ import annotations

from sqlalchemy.orm import Session

from hub.personal_data import erase
from kernel import audit, scope
from kernel.errors import ConflictError
from kernel.work import Work
from people.actions.find_request import find_request, note_step
from people.model import Actor
from people.rights.model import RequestKind
from people.rights.queries import councils_to_ask, open_requests_about

_UNSURE = "Say first whom it is about and how you made sure who asks."


def councils_to_agree(session: Session, person_id: str, council_id: str) -> frozenset[str]:
    """Return the other councils that answer for a person and have no open request to erase them themselves.

    Each council is controller for what it holds (V11), and an erasure takes all: so each must have received the
    request before the last one carries it out. For providers' users and strangers, who are no council's own, the lead
    authority is among them.
    """
    with scope.system("each council that answers for a person must agree to erase them", session):
        asked = open_requests_about(session, person_id)
    agreed = {found.council_id for found in asked if found.kind is RequestKind.ERASURE}
    return councils_to_ask(session, person_id) - agreed - {council_id}


def erase_person(work: Work, actor: Actor, request_id: str) -> dict[str, int]:
    """Carry out a request for erasure, everywhere and at once; return how many rows went, by kind.

    It cannot be undone. What must be kept (R36, V9 f) stays by number, without the name. Raises ConflictError where
    nobody has made sure who asks, where another council has not been asked, or where it was done before.
    """
    row = find_request(work, actor, request_id)
    if row.kind != RequestKind.ERASURE or row.person_id is None or row.identity is None:
        raise ConflictError(_UNSURE)
    if row.erased is not None:
        raise ConflictError("This person has been erased already.")
    if row.person_id == actor.id:
        raise ConflictError("Nobody erases themselves: hand the request to a colleague.")
    if councils_to_agree(work.session, row.person_id, row.council_id):
        raise ConflictError("For this person another council answers too: it must have a request to erase them.")
    person_id = row.person_id
    row.reviewed_digest = None
    counts = erase(work, person_id)
    work.session.refresh(row)
    row.erased = counts
    audit.record(
        work,
        actor=actor.id,
        action="people.erase",
        subject=("person", person_id),
        details={"request": row.id, **counts},
    )
    note_step(work, row, actor.id, "erased")
    return counts
