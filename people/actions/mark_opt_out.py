from __future__ import annotations

from sqlalchemy import ColumnElement, select, update

from kernel import audit
from kernel.sealing import digests
from kernel.work import Work
from people.actions.suppress_address import lift_suppression
from people.model import Role
from people.queries import contact_point
from people.tables import ContactPointRow, RoleRow

_ONLY_THAT_CHANNEL = tuple(role for role in Role if role not in (Role.FAMILY, Role.YOUNG_PERSON))


def opt_out(work: Work, person_id: str, contact_point_id: str) -> bool:
    """Record STOP (V12): a family's ends every channel at once; a provider's or officer's only that contact point.

    A phone that said STOP is closed for everybody who shares it. Tells whether it ended every channel.
    """
    is_everything = not _works_here(work, person_id)
    closed = _same_address(work, contact_point_id)
    if is_everything:
        closed |= ContactPointRow.person_id == person_id
    change = update(ContactPointRow).where(ContactPointRow.opted_out_at.is_(None), closed)
    work.session.execute(change.values(opted_out_at=work.now))
    audit.record(work, actor=person_id, action="people.opt_out", subject=("person", person_id))
    return is_everything


def opt_in(work: Work, person_id: str, contact_point_id: str) -> None:
    """Record START, which undoes STOP (V12): a family's opens every contact point, a provider's or officer's this one.

    It is open again for everybody who shares it.
    """
    opened = _same_address(work, contact_point_id)
    if not _works_here(work, person_id):
        opened |= ContactPointRow.person_id == person_id
    change = update(ContactPointRow).where(opened)
    work.session.execute(change.values(opted_out_at=None))
    said = contact_point(work.session, contact_point_id)
    lift_suppression(work, said.channel, said.address)
    audit.record(work, actor=person_id, action="people.opt_in", subject=("person", person_id))


def close_contact_point(work: Work, contact_point_id: str) -> None:
    """Record that a vendor refuses this contact point because its owner said STOP to the vendor."""
    change = update(ContactPointRow).where(
        ContactPointRow.id == contact_point_id, ContactPointRow.opted_out_at.is_(None)
    )
    work.session.execute(change.values(opted_out_at=work.now))


def _same_address(work: Work, contact_point_id: str) -> ColumnElement[bool]:
    said = contact_point(work.session, contact_point_id)
    kept = digests(work.session, said.address)
    return (ContactPointRow.channel == said.channel) & ContactPointRow.address_digest.in_(kept)


def _works_here(work: Work, person_id: str) -> bool:
    held = select(RoleRow.person_id).where(RoleRow.person_id == person_id, RoleRow.role.in_(_ONLY_THAT_CHANNEL))
    return work.session.scalars(held).first() is not None
