from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from fps.queries.hearing import who_hears
from people.model import Role
from people.queries import persons_with_role
from referrals.queries.supplying import until_the_end
from referrals.tables.placements import PlacementPartRow, PlacementRow


def hearers_of(session: Session, placement_id: str) -> list[tuple[str, str]]:
    """Return who hears of a placement, each once, with the path of their own page.

    That is the council's contact, all its commissioners once the contact has left, and whoever hears for the settings
    of its parts, but for a supplier that was taken out of it.
    """
    row = session.get_one(PlacementRow, placement_id)
    at_council = {person.id for person in persons_with_role(session, Role.COMMISSIONER, row.council_id)}
    staff = [row.council_contact_id] if row.council_contact_id in at_council else sorted(at_council)
    settings = session.scalars(
        select(PlacementPartRow.setting_id)
        .join(PlacementRow, PlacementRow.id == PlacementPartRow.placement_id)
        .where(PlacementRow.id == placement_id, PlacementPartRow.setting_id.is_not(None), until_the_end())
    )
    heard = who_hears(session, [each for each in settings if each])
    suppliers = dict.fromkeys(person_id for people in heard.values() for person_id in people)
    return [
        *((person_id, f"/commissioning/placements/{placement_id}") for person_id in staff),
        *((person_id, f"/placements/{placement_id}") for person_id in suppliers if person_id not in staff),
    ]
