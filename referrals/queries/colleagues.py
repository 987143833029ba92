"""Who of a provider can see to a request."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.model import PersonCard, Role
from people.queries import persons
from people.queries.holders import holders
from referrals.queries.providers import contacts_of
from referrals.tables import RecipientRow


def users_of(session: Session, provider_id: str) -> list[PersonCard]:
    """Return the users of a provider, by name."""
    users = holders(Role.PROVIDER_USER)
    found = session.scalars(select(users.c.person_id).where(users.c.organisation_id == provider_id)).all()
    return sorted(persons(session, set(found)).values(), key=lambda each: (each.name, each.id))


def colleagues(session: Session, recipient_id: str) -> list[PersonCard]:
    """Return the users of the provider that was asked who do not see to the request alone already, by name."""
    recipient = session.get(RecipientRow, recipient_id)
    if recipient is None:
        return []
    current = list(contacts_of(session, recipient_id))
    return [each for each in users_of(session, recipient.provider_id) if current != [each.id]]


def seen_to_by(session: Session, recipient_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the names of those who hear for settings that were asked, by recipient."""
    heard = {recipient_id: list(contacts_of(session, recipient_id)) for recipient_id in recipient_ids}
    known = persons(session, {person_id for people in heard.values() for person_id in people})
    return {
        recipient_id: sorted(known[each].name for each in people if each in known)
        for recipient_id, people in heard.items()
    }
