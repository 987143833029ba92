"""Settings of the directory in the words of Open Referral UK: HSDS 3 with the UK profile.

Ids are UUIDs, always the same for the same of ours. No person is named: the standard's contacts are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from fps.model import Status
from fps.model.directory import AREAS, KIND_WORDS, NEED_WORDS, Need
from fps.model.directory_search import Listing
from fps.rules.places import to_latitude_longitude
from kernel.calendar import LONDON

_SPACE = UUID("6b0f7a3e-3f43-5d0e-9a55-0f6f6c2f5a41")
_PARENTS: Mapping[Need, Need] = {
    Need.SLCN: Need.COMMUNICATION,
    Need.ASD: Need.COMMUNICATION,
    Need.SPLD: Need.COGNITION,
    Need.MLD: Need.COGNITION,
    Need.SLD: Need.COGNITION,
    Need.PMLD: Need.COGNITION,
    Need.SEMH: Need.SOCIAL_EMOTIONAL,
    Need.HI: Need.SENSORY_PHYSICAL,
    Need.VI: Need.SENSORY_PHYSICAL,
    Need.MSI: Need.SENSORY_PHYSICAL,
    Need.PD: Need.SENSORY_PHYSICAL,
}
_TAXONOMY = "Special educational needs and disabilities: broad areas and types of need"
Json = dict[str, Any]


@lru_cache(maxsize=65536)
def uuid_of(kind: str, own_id: str) -> str:
    """Return the UUID of something of ours; the same id gives the same UUID, now and later."""
    return str(uuid5(_SPACE, f"{kind}:{own_id}"))


TAXONOMY_ID = uuid_of("taxonomy", "send-needs")
TERM_IDS: Mapping[str, Need] = {uuid_of("term", need): need for need in Need}


def term(need: Need) -> Json:
    """Return a need as a taxonomy term; a type of need stands under its broad area."""
    told: Json = {
        "id": uuid_of("term", need),
        "term": NEED_WORDS[need].text,
        "taxonomy": _TAXONOMY,
        "taxonomy_id": TAXONOMY_ID,
    }
    parent = _PARENTS.get(need)
    return told if parent is None else {**told, "parent_id": uuid_of("term", parent)}


def taxonomy(*, is_full: bool) -> Json:
    """Return the one taxonomy, with its terms where all of it is asked for."""
    told: Json = {
        "id": TAXONOMY_ID,
        "name": "SEND needs",
        "description": "The four broad areas of need of the SEND Code of Practice, and the types of need that the "
        f"Department for Education uses. {len(AREAS)} areas, {len(Need) - len(AREAS)} types.",
    }
    return {**told, "taxonomy_terms": [term(need) for need in Need]} if is_full else told


def service(one: Listing, base_url: str) -> Json:
    """Return a setting as a service with its plain fields only, as lists show it."""
    said = one.profile
    page = f"{base_url}/directory/{one.id}"
    told: Json = {
        "id": uuid_of("service", one.id),
        "organization_id": uuid_of("organization", one.provider_id),
        "name": one.name,
        "description": said.summary if said else KIND_WORDS[one.kind].text,
        "url": said.website if said and said.website else page,
        "status": "active" if one.status is Status.ACTIVE else "temporarily closed",
        "minimum_age": one.age_from,
        "maximum_age": one.age_to,
    }
    if said and said.email:
        told["email"] = said.email
    if not one.takes_learners:
        told["alert"] = "Not taking new learners now."
    confirmed = [card.confirmed_at for card in one.vacancies if card.confirmed_at is not None]
    if confirmed:
        told["assured_date"] = max(confirmed).astimezone(LONDON).date().isoformat()
    return told


def full_service(one: Listing, provider: str, point: tuple[int, int] | None, base_url: str) -> Json:
    """Return a setting as a service with all that hangs on it."""
    listed = service(one, base_url)
    needs = one.profile.needs if one.profile else ()
    return {
        **listed,
        "organization": organization(one.provider_id, provider),
        "service_at_locations": [service_at_location(one, point)],
        "attributes": [
            {
                "id": uuid_of("attribute", f"{one.id}:{need}"),
                "link_id": listed["id"],
                "taxonomy_term_id": uuid_of("term", need),
                "link_type": "need",
                "taxonomy_term": term(need),
            }
            for need in needs
        ],
    }


def organization(provider_id: str, name: str) -> Json:
    """Return a provider as an organisation; nothing of its people."""
    return {
        "id": uuid_of("organization", provider_id),
        "name": name,
        "description": f"{name} runs schools or other settings for children and young people with SEND.",
    }


def service_at_location(one: Listing, point: tuple[int, int] | None) -> Json:
    """Return where a setting is, as far as it is known."""
    location_id = uuid_of("location", one.id)
    location: Json = {"id": location_id, "name": one.name}
    if point is not None:
        location["latitude"], location["longitude"] = to_latitude_longitude(*point)
    address = _address(one, location_id)
    if address is not None:
        location["addresses"] = [address]
    return {
        "id": uuid_of("service_at_location", one.id),
        "service_id": uuid_of("service", one.id),
        "location_id": location_id,
        "location": location,
    }


def _address(one: Listing, location_id: str) -> Json | None:
    said = one.profile
    if said is None or not (said.address and said.postcode):
        return None
    lines = [part.strip() for line in said.address.splitlines() for part in line.split(",") if part.strip()]
    return {
        "id": uuid_of("address", one.id),
        "location_id": location_id,
        "address_1": lines[0],
        "city": lines[-1] if len(lines) > 1 else one.district,
        "state_province": one.district,
        "postal_code": said.postcode,
        "country": "GB",
        "address_type": "physical",
    }
