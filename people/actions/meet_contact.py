from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from kernel.ids import new_id
from kernel.work import Work
from people.actions.edit_person import checked_name
from people.actions.suppress_address import stopped_since, suppress_contact_points
from people.rules import normalise_address
from people.tables import ContactPointRow, PersonRow, RoleRow

_GONE = "gone:"


@dataclass(frozen=True)
class Met:
    """Somebody who left a name and an address; `has_stopped` where an owner of the address said STOP (V12)."""

    person_id: str
    contact_point_id: str
    address_digest: str
    has_stopped: bool


def meet_contact(work: Work, name: str, email: str) -> Met:
    """Make a person of somebody who left a name and an email address on an open page, so that they can be answered.

    They have no role and no account, and the address is not proved to be theirs: it gets nothing but what asks to
    confirm it. Raises InvalidInputError for no name or no address.
    """
    name, address = checked_name(name), normalise_address("email", email)
    person_id, point_id = new_id(), new_id()
    work.session.add(PersonRow(id=person_id, name=name, language="en", created_at=work.now, roles=[]))
    work.session.flush()
    stopped = stopped_since(work, "email", address)
    point = ContactPointRow(id=point_id, person_id=person_id, channel="email", address=address, rank=0)
    point.opted_out_at = stopped
    work.session.add(point)
    work.session.flush()
    return Met(person_id, point_id, point.address_digest, stopped is not None)


def prove_contact(work: Work, contact_point_id: str) -> None:
    """Note that an address is its owner's: they opened what only they could have got there."""
    point = ContactPointRow
    change = update(point).where(point.id == contact_point_id, point.verified_at.is_(None), point.removed_at.is_(None))
    work.session.execute(change.values(verified_at=work.now))
    work.session.expire_all()


def forget_met(session: Session, person_ids: Sequence[str]) -> None:
    """Forget the names and addresses of persons who only left them; whoever has a role by now stays.

    The rows stay, because what was sent refers to them. A STOP said there holds on (V12).
    """
    has_role = exists().where(RoleRow.person_id == PersonRow.id)
    alone = list(session.scalars(select(PersonRow.id).where(PersonRow.id.in_(person_ids), ~has_role)))
    points = list(session.scalars(select(ContactPointRow.id).where(ContactPointRow.person_id.in_(alone))))
    suppress_contact_points(session, points)
    point = ContactPointRow
    met_at = select(PersonRow.created_at).where(PersonRow.id == point.person_id).scalar_subquery()
    session.execute(
        update(point)
        .where(point.id.in_(points))
        .values(
            address="",
            address_digest=_GONE + point.id,
            removed_at=func.coalesce(point.removed_at, point.verified_at, met_at),
        )
    )
    session.execute(update(PersonRow).where(PersonRow.id.in_(alone)).values(name=""))
    session.expire_all()
