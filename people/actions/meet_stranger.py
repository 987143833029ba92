from __future__ import annotations

from kernel.ids import new_id
from kernel.work import Work
from people.actions.suppress_address import suppressed_since
from people.tables import ContactPointRow, PersonRow


def meet_stranger(work: Work, channel: str, address: str, language: str = "en") -> str:
    """Make a person of somebody who wrote to us and whom we do not know, so that they can be answered.

    They have no name, no role and no consent: nothing unasked is ever sent to them.
    """
    person_id = new_id()
    work.session.add(PersonRow(id=person_id, name="", language=language, created_at=work.now, roles=[]))
    work.session.flush()
    work.session.add(
        ContactPointRow(
            id=new_id(),
            person_id=person_id,
            channel=channel,
            address=address,
            rank=0,
            verified_at=work.now,
            opted_out_at=suppressed_since(work, channel, address),
        )
    )
    work.session.flush()
    return person_id
