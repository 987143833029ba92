"""What Open Referral UK asks of an answer: our own words for the parts of the standard that matter here.

Read from the schemas of HSDS 3 (openreferral/specification, schema/) and of the UK profile
(OpenReferralUK/uk-profile, schema/): which fields are required, their types, formats and fixed values, and which
fields of HSDS the profile drops. The standard's own files are CC BY-SA and are not kept here.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
_UUID: Json = {"type": "string", "format": "uuid", "minLength": 36, "maxLength": 36}
_TEXT: Json = {"type": "string", "minLength": 1}
_URI: Json = {"type": "string", "format": "uri", "pattern": "^https?://"}
_DATE: Json = {"type": "string", "format": "date"}


def _object(required: list[str], dropped: list[str], **fields: Json) -> Json:
    """Every field is one of the profile's: what we add by mistake is a fault."""
    return {
        "type": "object",
        "required": required,
        "properties": fields,
        "additionalProperties": False,
        **({"not": {"anyOf": [{"required": [name]} for name in dropped]}} if dropped else {}),
    }


TERM = _object(
    ["id", "taxonomy"], [], id=_UUID, term=_TEXT, taxonomy=_TEXT, taxonomy_id=_UUID, parent_id=_UUID, term_uri=_URI
)
TAXONOMY = _object(
    ["id", "name", "description"],
    [],
    id=_UUID,
    name=_TEXT,
    description=_TEXT,
    uri=_URI,
    version=_TEXT,
    taxonomy_terms={"type": "array", "items": TERM},
)
_ATTRIBUTE = _object(["id"], [], id=_UUID, link_id=_UUID, taxonomy_term_id=_UUID, link_type=_TEXT, taxonomy_term=TERM)
_ADDRESS = _object(
    ["id", "address_1", "city", "state_province", "postal_code", "country", "address_type"],
    ["attention"],
    id=_UUID,
    location_id=_UUID,
    address_1=_TEXT,
    address_2=_TEXT,
    city=_TEXT,
    region=_TEXT,
    state_province=_TEXT,
    postal_code=_TEXT,
    country={"const": "GB"},
    address_type={"enum": ["physical", "postal", "virtual"]},
)
_LOCATION = _object(
    ["id"],
    ["location_type", "url", "alternate_name", "transportation", "phones", "contacts", "schedules", "languages"],
    id=_UUID,
    name=_TEXT,
    description=_TEXT,
    latitude={"type": "number", "minimum": 49, "maximum": 61},
    longitude={"type": "number", "minimum": -9, "maximum": 2},
    addresses={"type": "array", "items": _ADDRESS},
)
_PLAIN_SERVICE: Json = {
    "id": _UUID,
    "organization_id": _UUID,
    "name": _TEXT,
    "description": _TEXT,
    "url": _URI,
    "email": {"type": "string", "format": "email"},
    "status": {"enum": ["active", "inactive", "defunct", "temporarily closed"]},
    "minimum_age": {"type": "number"},
    "maximum_age": {"type": "number"},
    "assured_date": _DATE,
    "alert": _TEXT,
}
_REQUIRED_OF_A_SERVICE = ["id", "name", "status", "url"]
_DROPPED_OF_A_SERVICE = [
    "program_id",
    "alternate_name",
    "fees_description",
    "interpretation_services",
    "application_process",
    "wait_time",
    "eligibility_description",
    "licenses",
    "phones",
]
LISTED_SERVICE = _object(_REQUIRED_OF_A_SERVICE, _DROPPED_OF_A_SERVICE, **_PLAIN_SERVICE)
SERVICE_AT_LOCATION = _object(
    ["id"],
    ["description", "contacts", "phones", "schedules", "attributes"],
    id=_UUID,
    service_id=_UUID,
    location_id=_UUID,
    location=_LOCATION,
    service=LISTED_SERVICE,
)
_ORGANIZATION = _object(
    ["id", "name", "description"],
    ["alternate_name", "tax_status", "tax_id", "year_incorporated", "legal_status", "locations", "phones", "contacts"],
    id=_UUID,
    name=_TEXT,
    description=_TEXT,
    email={"type": "string", "format": "email"},
    website=_URI,
)
SERVICE = _object(
    _REQUIRED_OF_A_SERVICE,
    _DROPPED_OF_A_SERVICE,
    **_PLAIN_SERVICE,
    organization=_ORGANIZATION,
    service_at_locations={"type": "array", "items": SERVICE_AT_LOCATION},
    attributes={"type": "array", "items": _ATTRIBUTE},
)


def page_of(entry: Json) -> Json:
    """Return what a page of entries must be."""
    fields: Json = {
        **{name: {"type": "integer"} for name in ("total_items", "total_pages", "page_number", "size")},
        **{name: {"type": "boolean"} for name in ("first_page", "last_page", "empty")},
        "contents": {"type": "array", "items": entry},
    }
    return {"type": "object", "required": list(fields), "properties": fields, "additionalProperties": False}
