from __future__ import annotations

from sqlalchemy import select, update

from kernel import audit
from kernel.errors import InvalidInputError
from kernel.ids import new_id
from kernel.work import Work
from people.tables import ConsentRow, PersonRow

BASES = ("public_task", "consent")


def give_consent(work: Work, actor_id: str, person_id: str, channel: str, basis: str) -> None:
    """Note why we may write to a person unasked on a channel. Given twice, the first stays.

    Raises InvalidInputError for a basis that is none.
    """
    if basis not in BASES:
        raise InvalidInputError("basis", "Choose why we may write to them")
    work.session.get(PersonRow, person_id, with_for_update=True)
    held = select(ConsentRow.id).where(
        ConsentRow.person_id == person_id, ConsentRow.channel == channel, ConsentRow.ended_at.is_(None)
    )
    if work.session.scalars(held).first() is not None:
        return
    work.session.add(ConsentRow(id=new_id(), person_id=person_id, channel=channel, basis=basis, given_at=work.now))
    work.session.flush()
    facts = {"channel": channel, "basis": basis}
    audit.record(work, actor=actor_id, action="people.consent_given", subject=("person", person_id), details=facts)


def withdraw_consent(work: Work, actor_id: str, person_id: str, channel: str) -> None:
    """Note that we may not write to a person unasked on a channel any more; twice does no harm."""
    change = update(ConsentRow).where(
        ConsentRow.person_id == person_id, ConsentRow.channel == channel, ConsentRow.ended_at.is_(None)
    )
    ended = work.session.execute(change.values(ended_at=work.now).returning(ConsentRow.id)).all()
    if ended:
        audit.record(
            work,
            actor=actor_id,
            action="people.consent_withdrawn",
            subject=("person", person_id),
            details={"channel": channel},
        )
