from __future__ import annotations

from sqlalchemy import ColumnElement, select, update

from kernel import audit
from kernel.sealing import digests
from kernel.work import Work
from people.actions.suppress_address import lift_suppression, stopped_since
from people.model import ContactPoint, Role
from people.queries import contact_point
from people.tables import ContactPointRow, RoleRow

_ONLY_THAT_CHANNEL = tuple(role for role in Role if role not in (Role.FAMILY, Role.YOUNG_PERSON))


def opt_out(work: Work, person_id: str, contact_point_id: str) -> bool:
    """Record STOP that came from a contact point (V12).

    A family's ends every channel at once; a provider's or officer's only that contact point. A phone that said STOP is
    closed for everybody who shares it, if it proved to be the person's. Tells whether it ended every channel.
    """
    is_everything = not _works_here(work, person_id)
    said = contact_point(work.session, contact_point_id)
    closed = ContactPointRow.id == said.id if said.verified_at is None else _same_address(work, said)
    if is_everything:
        closed |= ContactPointRow.person_id == person_id
    change = update(ContactPointRow).where(ContactPointRow.opted_out_at.is_(None), closed)
    work.session.execute(change.values(opted_out_at=work.now))
    audit.record(work, actor=person_id, action="people.opt_out", subject=("person", person_id))
    return is_everything


def opt_in(work: Work, person_id: str, contact_point_id: str) -> None:
    """Record START that came from a contact point, which undoes STOP (V12).

    A family's opens every contact point of theirs, a provider's or officer's this one. It is open again for everybody
    who shares it. From one that nobody proved it opens nothing.
    """
    said = contact_point(work.session, contact_point_id)
    if said.verified_at is None:
        return
    change = update(ContactPointRow).where(_same_address(work, said))
    work.session.execute(change.values(opted_out_at=None))
    lift_suppression(work, said.channel, said.address)
    if not _works_here(work, person_id):
        _open_own(work, person_id)
    audit.record(work, actor=person_id, action="people.opt_in", subject=("person", person_id))


def stop_on_page(work: Work, person_id: str) -> None:
    """Record the STOP of a person on their own page: it ends every channel of theirs, and nobody else's."""
    theirs = ContactPointRow.person_id == person_id
    change = update(ContactPointRow).where(ContactPointRow.opted_out_at.is_(None), theirs)
    work.session.execute(change.values(opted_out_at=work.now))
    audit.record(work, actor=person_id, action="people.opt_out", subject=("person", person_id))


def start_on_page(work: Work, person_id: str) -> None:
    """Record the START of a person on their own page: what they proved to be theirs is open again, for them alone."""
    _open_own(work, person_id)
    audit.record(work, actor=person_id, action="people.opt_in", subject=("person", person_id))


def _open_own(work: Work, person_id: str) -> None:
    """Open a person's contact points; one that they did not prove stays closed where its owner said STOP."""
    theirs = select(ContactPointRow).where(ContactPointRow.person_id == person_id)
    for row in work.session.scalars(theirs.with_for_update()).all():
        if row.verified_at is None:
            row.opted_out_at = stopped_since(work, row.channel, row.address)
        else:
            row.opted_out_at = None
            lift_suppression(work, row.channel, row.address)
    work.session.flush()


def close_contact_point(work: Work, contact_point_id: str) -> None:
    """Record that a vendor refuses this contact point because its owner said STOP to the vendor."""
    change = update(ContactPointRow).where(
        ContactPointRow.id == contact_point_id, ContactPointRow.opted_out_at.is_(None)
    )
    work.session.execute(change.values(opted_out_at=work.now))


def _same_address(work: Work, said: ContactPoint) -> ColumnElement[bool]:
    kept = digests(work.session, said.address)
    return (ContactPointRow.channel == said.channel) & ContactPointRow.address_digest.in_(kept)


def _works_here(work: Work, person_id: str) -> bool:
    held = select(RoleRow.person_id).where(RoleRow.person_id == person_id, RoleRow.role.in_(_ONLY_THAT_CHANNEL))
    return work.session.scalars(held).first() is not None
