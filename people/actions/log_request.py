from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kernel.audit import SYSTEM
from kernel.calendar import london_date
from kernel.errors import InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.actions.find_request import note_step, set_clock
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.rights.model import CameBy, RequestKind
from people.rights.queries import is_within
from people.tables import RightsRequestRow

_LONGEST_AGO = timedelta(days=366)


@dataclass(frozen=True)
class NewRequest:
    """A request as it came in. `reach` is how to answer it, `words` what they said; `person_id` whom it is about."""

    council_id: str
    kind: RequestKind
    requester: str
    reach: str
    words: str
    came_by: CameBy
    received_on: date
    person_id: str | None = None


def log_request(work: Work, new: NewRequest, actor: Actor | None = None) -> str:
    """Log a request, whose clock has run since the day on which it was received; return its id.

    Without an actor it came through the public page and waits for a person to take it on. Raises NotFoundError for a
    council or a person that is not the actor's, InvalidInputError for a day that cannot be.
    """
    today = london_date(work.now)
    if not today - _LONGEST_AGO <= new.received_on <= today:
        raise InvalidInputError("received_on", "The day of receipt must be in the past year, today at the latest.")
    if actor is not None and new.council_id not in organisations_with(actor, Permission.RIGHTS_HANDLE):
        raise NotFoundError
    if new.person_id is not None and not is_within(work.session, new.person_id, (new.council_id,)):
        raise NotFoundError
    handler_id = actor.id if actor else None
    row = RightsRequestRow(
        id=new_id(),
        council_id=new.council_id,
        kind=new.kind,
        person_id=new.person_id,
        requester=new.requester.strip(),
        reach=new.reach.strip(),
        words=new.words.strip(),
        came_by=new.came_by,
        received_on=new.received_on,
        logged_at=work.now,
        logged_by=handler_id,
        handler_id=handler_id,
    )
    work.session.add(row)
    set_clock(work, row)
    note_step(work, row, handler_id or SYSTEM, "logged", f"Received on {new.received_on.isoformat()}")
    return row.id
