from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.model import OwnLook
from people.queries import council_of
from people.tables import BrandingRow


def look_of(session: Session, organisation_id: str) -> OwnLook | None:
    """Return how the hub presents itself to those of an organisation's own council; None where it has no own look."""
    council = council_of(session, organisation_id)
    row = session.get(BrandingRow, council.id) if council else None
    return OwnLook(row.name, row.colour, row.council) if row else None


def councils_with_look(session: Session) -> frozenset[str]:
    """Return the ids of the councils that have a look of their own."""
    return frozenset(session.scalars(select(BrandingRow.organisation_id)))
