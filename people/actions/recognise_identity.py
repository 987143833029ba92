from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select, update

from kernel import audit
from kernel.ids import new_id
from kernel.work import Work
from people.model import PersonCard
from people.permissions import Permission, may
from people.queries import contact_points, person, persons_by_address
from people.rules.identity import Identity
from people.tables import SsoIdentityRow

_EMAIL = "email"


class Unknown(StrEnum):
    """Why an identity is nobody's here."""

    NO_ADDRESS = "no_address"
    NO_ACCOUNT = "no_account"
    SHARED_ADDRESS = "shared_address"
    OTHER_IDENTITY = "other_identity"
    NO_ROLE = "no_role"


@dataclass(frozen=True)
class Recognised:
    """Whose identity it is, or why it is nobody's; `is_new` says that it was linked just now."""

    person_id: str | None = None
    unknown: Unknown | None = None
    is_new: bool = False


def recognise_identity(work: Work, identity: Identity) -> Recognised:
    """Find the person of an identity; the first time, link it to the account of its believed address.

    No account is ever made. Once linked, an identity stays with its person whatever address it shows later, and a
    person has one identity for each issuer: an address that passed to somebody new does not bring the account along.
    """
    found = _linked(work, identity) or _link(work, identity)
    if found.unknown is not None:
        facts = {"issuer": identity.issuer, "why": found.unknown}
        subject = ("identity", work.keys.token("people.identity", f"{identity.issuer} {identity.subject}"))
        audit.record(work, actor=audit.SYSTEM, action="people.sso_unknown", subject=subject, details=facts)
    return found


def _linked(work: Work, identity: Identity) -> Recognised | None:
    mine = update(SsoIdentityRow).where(
        SsoIdentityRow.issuer == identity.issuer, SsoIdentityRow.subject == identity.subject
    )
    person_id = work.session.scalars(mine.values(used_at=work.now).returning(SsoIdentityRow.person_id)).first()
    if person_id is None:
        return None
    works_here = may(person(work.session, person_id), Permission.OWN_ACCOUNT)
    return Recognised(person_id) if works_here else Recognised(unknown=Unknown.NO_ROLE)


def _link(work: Work, identity: Identity) -> Recognised:
    if identity.email is None:
        return Recognised(unknown=Unknown.NO_ADDRESS)
    owners = [
        card
        for card in persons_by_address(work.session, _EMAIL, identity.email)
        if _may_own(work, card, identity.email)
    ]
    if len(owners) != 1:
        return Recognised(unknown=Unknown.SHARED_ADDRESS if owners else Unknown.NO_ACCOUNT)
    person_id = owners[0].id
    if _has_other_identity(work, person_id, identity.issuer):
        return Recognised(unknown=Unknown.OTHER_IDENTITY)
    row = SsoIdentityRow(
        id=new_id(),
        person_id=person_id,
        issuer=identity.issuer,
        subject=identity.subject,
        linked_at=work.now,
        used_at=work.now,
    )
    work.session.add(row)
    facts = {"issuer": identity.issuer, "identity": row.id}
    audit.record(work, actor=person_id, action="people.sso_link", subject=("person", person_id), details=facts)
    return Recognised(person_id, is_new=True)


def _may_own(work: Work, card: PersonCard, address: str) -> bool:
    """Tell whether a person works here and their address was verified: not one that somebody only typed in."""
    points = contact_points(work.session, card.id)
    is_verified = any(
        point.channel == _EMAIL and point.address == address and point.verified_at is not None for point in points
    )
    return may(card, Permission.OWN_ACCOUNT) and is_verified


def _has_other_identity(work: Work, person_id: str, issuer: str) -> bool:
    others = select(SsoIdentityRow.id).where(SsoIdentityRow.person_id == person_id, SsoIdentityRow.issuer == issuer)
    return work.session.scalars(others).first() is not None
