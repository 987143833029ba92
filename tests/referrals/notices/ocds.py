"""What the Open Contracting Data Standard 1.1 asks of a release package: our own words for the fields that are used.

Read from the standard's schemas of releases and release packages (open-contracting/standard, schema/): which fields are
required, their types and formats, what their closed lists of codes hold, and that a text is never empty. Every field
that the hub does not write is a fault here. The standard's own files are not kept.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
_TEXT: Json = {"type": "string", "minLength": 1}
_URI: Json = {"type": "string", "format": "uri", "pattern": "^https?://"}
_MOMENT: Json = {"type": "string", "format": "date-time", "pattern": "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$"}
_ID: Json = {"type": ["string", "integer"], "minLength": 1}


def _object(required: list[str], **fields: Json) -> Json:
    return {"type": "object", "required": required, "properties": fields, "additionalProperties": False}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items, "uniqueItems": True, "minItems": 1}


_REFERENCE = _object(["id", "name"], id=_ID, name=_TEXT)
_IDENTIFIER = _object([], scheme=_TEXT, id=_ID, legalName=_TEXT, uri=_URI)
_PARTY = _object(
    ["id", "name", "roles"],
    id=_ID,
    name=_TEXT,
    identifier=_IDENTIFIER,
    additionalIdentifiers=_list(_IDENTIFIER),
    roles=_list({"enum": ["buyer", "procuringEntity", "supplier"]}),
)
_PERIOD = {**_object([], startDate=_MOMENT, endDate=_MOMENT), "minProperties": 1}
_VALUE = _object(["amount", "currency"], amount={"type": "number", "exclusiveMinimum": 0}, currency={"const": "GBP"})
_TENDER = _object(
    ["id"],
    id=_ID,
    title=_TEXT,
    status={"enum": ["planning", "planned", "active", "cancelled", "unsuccessful", "complete", "withdrawn"]},
    mainProcurementCategory={"enum": ["goods", "works", "services"]},
    procurementMethod={"enum": ["open", "selective", "limited", "direct"]},
    procurementMethodDetails=_TEXT,
    awardCriteria=_TEXT,
    awardCriteriaDetails=_TEXT,
    submissionMethod=_list(_TEXT),
    numberOfTenderers={"type": "integer", "minimum": 0},
    tenderPeriod=_PERIOD,
    procuringEntity=_REFERENCE,
)
_AWARD = _object(
    ["id"],
    id=_ID,
    title=_TEXT,
    status={"enum": ["pending", "active", "cancelled", "unsuccessful"]},
    date=_MOMENT,
    value=_VALUE,
    suppliers=_list(_REFERENCE),
    contractPeriod=_PERIOD,
)
_CONTRACT = _object(
    ["id", "awardID"],
    id=_ID,
    awardID=_ID,
    title=_TEXT,
    status={"enum": ["pending", "active", "cancelled", "terminated"]},
    period=_PERIOD,
    value=_VALUE,
    dateSigned=_MOMENT,
)
_PROCESS = _object(
    [],
    id=_TEXT,
    relationship=_list({"const": "framework"}),
    title=_TEXT,
    scheme={"const": "ocid"},
    identifier=_TEXT,
)
RELEASE = _object(
    ["ocid", "id", "date", "tag", "initiationType"],
    ocid={"type": "string", "pattern": "^ocds-[a-z0-9]{6}-"},
    id={"type": "string", "minLength": 1, "pattern": "^[^#]+$"},
    date=_MOMENT,
    tag=_list({"enum": ["award", "contract"]}),
    initiationType={"const": "tender"},
    language={"const": "en"},
    parties=_list(_PARTY),
    buyer=_REFERENCE,
    tender=_TENDER,
    awards=_list(_AWARD),
    contracts=_list(_CONTRACT),
    relatedProcesses=_list(_PROCESS),
)
PACKAGE = _object(
    ["uri", "version", "publishedDate", "publisher", "releases"],
    uri=_URI,
    version={"const": "1.1"},
    publishedDate=_MOMENT,
    publisher=_object(["name"], name=_TEXT, scheme=_TEXT, uid=_TEXT, uri=_URI),
    releases=_list(RELEASE),
)
