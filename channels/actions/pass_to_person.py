from __future__ import annotations

from channels.inbox.hearing import Disposition, Ending, Heard
from channels.tables import QueueItemRow
from kernel.ids import new_id
from kernel.work import Work

QUESTIONS = "questions"
SAFEGUARDING = "safeguarding"


def pass_to_person(work: Work, heard: Heard, queue: str = QUESTIONS, reason: str = "") -> Disposition:
    """Put a text into a named queue from which a person answers."""
    roles = heard.person.roles
    work.session.add(
        QueueItemRow(
            id=new_id(),
            queue=queue,
            inbound_id=heard.inbound_id,
            person_id=heard.person.id,
            contact_point_id=heard.contact_point_id,
            organisation_id=roles[0].organisation_id if roles else None,
            reason=reason,
            text=heard.text,
            opened_at=work.now,
        )
    )
    return Disposition(Ending.PASSED_ON, queue)
