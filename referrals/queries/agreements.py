from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from fps.queries import framework, lot, settings_by_id
from kernel.errors import NotFoundError
from people.model import Actor
from people.queries import organisation, organisations_by_id, persons
from referrals.model.placements import PlacementCard
from referrals.queries.placements import placement
from referrals.rules.agreement import Agreement, Identity, Parties, agreement_of


def agreement(session: Session, actor: Actor, placement_id: str, part_id: str, identity: Identity) -> Agreement:
    """Return the agreement with one supplier of a placement of the actor's council: other suppliers' fees stay out.

    Raises NotFoundError for another council's placement and for a part that it does not have.
    """
    card = placement(session, actor, placement_id)
    parts = tuple(part for part in card.parts if part.id == part_id)
    if not parts:
        raise NotFoundError
    part = parts[0]
    own = replace(card, parts=parts, supplier=part.supplier, route=part.route, setting_id=part.setting_id)
    return agreement_of(own, _parties(session, own), identity)


def _parties(session: Session, card: PlacementCard) -> Parties:
    council = organisation(session, card.council_id)
    through = lot(session, card.lot_id) if card.lot_id else None
    people = persons(session, filter(None, (card.council_contact_id, card.provider_contact_id)))
    contacts = [(f"For {council.name}", people[card.council_contact_id].name)]
    if card.provider_contact_id and card.parts[0].number == 1:
        contacts.append((f"For {card.supplier}", people[card.provider_contact_id].name))
    return Parties(
        council=council.name,
        council_code=council.code or "",
        framework=framework(session, through.framework_id).name if through else "",
        lot=through.title if through else "",
        suppliers=_suppliers(session, card),
        contacts=contacts,
    )


def _suppliers(session: Session, card: PlacementCard) -> list[tuple[str, str, str]]:
    settings = settings_by_id(session, [part.setting_id for part in card.parts if part.setting_id])
    entities = organisations_by_id(session, [part.provider_id for part in card.parts if part.provider_id])
    found = []
    for part in card.parts:
        setting, entity = settings.get(part.setting_id or ""), entities.get(part.provider_id or "")
        numbers = ", ".join(
            filter(None, (f"URN {setting.urn}" if setting and setting.urn else "", part.bought_under or ""))
        )
        found.append((part.supplier, entity.name if entity else "", numbers))
    return found
