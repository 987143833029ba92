from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from people.model import PersonCard, Role
from people.queries import persons_with_role
from referrals.queries.colleagues import users_of


@dataclass(frozen=True)
class ContactChoices:
    """Who can be named as contacts of an agreement, by name; nobody of a supplier that is not on the register."""

    council: list[PersonCard]
    provider: list[PersonCard]


def contact_choices(session: Session, council_id: str, provider_id: str | None) -> ContactChoices:
    """Return the commissioners of a council and the users of a provider. Who may know them is the caller's matter."""
    staff = persons_with_role(session, Role.COMMISSIONER, council_id)
    return ContactChoices(staff, users_of(session, provider_id) if provider_id else [])
