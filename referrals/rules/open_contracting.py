"""Awards as releases of the Open Contracting Data Standard 1.1 (OCDS), packed as one release package.

https://standard.open-contracting.org/1.1/en/schema/reference/ describes every field; tests/referrals/notices/ocds.py
says again what the schema asks of those that are used here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from referrals.model.notices import AwardToTell, Named
from referrals.model.routes import Route

VERSION = "1.1"
_YEAR_DAYS = 365
_METHODS = {
    Route.MINI_COMPETITION: "selective",
    Route.DIRECT_AWARD: "direct",
    Route.BLOCK_CALLDOWN: "direct",
    Route.EXISTING_CONTRACT: "direct",
    Route.OFF_FRAMEWORK_SPOT: "limited",
}


@dataclass(frozen=True)
class Publisher:
    """Who would publish a package, where it stands in the hub, and by which prefix its processes are known."""

    council: Named
    uri: str
    prefix: str


def release_package(publisher: Publisher, awards: Sequence[AwardToTell], drafted_at: datetime) -> dict[str, Any]:
    """Return a draft of a release package that tells of awards, by reference."""
    ordered = sorted(awards, key=lambda award: award.reference)
    return {
        "uri": publisher.uri,
        "version": VERSION,
        "publishedDate": _moment(drafted_at),
        "publisher": {"name": publisher.council.name, **_uid(publisher.council)},
        "releases": [_release(award, publisher.prefix) for award in ordered],
    }


def _uid(named: Named) -> dict[str, str]:
    return {"scheme": named.scheme, "uid": named.number} if named.scheme and named.number else {}


def _release(award: AwardToTell, prefix: str) -> dict[str, Any]:
    contracts = _contracts(award)
    return _filled(
        {
            "ocid": f"{prefix}-{award.reference}",
            "id": f"{award.reference}-{award.decided_at:%Y%m%d}",
            "date": _moment(award.decided_at),
            "tag": ["award", "contract"] if contracts else ["award"],
            "initiationType": "tender",
            "language": "en",
            "parties": _parties(award),
            "buyer": _reference(award.buyer),
            "tender": _tender(award),
            "awards": [_award(award)],
            "contracts": contracts,
            "relatedProcesses": _framework(award),
        }
    )


def _parties(award: AwardToTell) -> list[dict[str, Any]]:
    supplier = _party(award.supplier, "supplier")
    if award.setting and award.setting.number:
        supplier["additionalIdentifiers"] = [
            {"scheme": award.setting.scheme, "id": award.setting.number, "legalName": award.setting.name}
        ]
    return [_party(award.buyer, "buyer", "procuringEntity"), supplier]


def _party(named: Named, *roles: str) -> dict[str, Any]:
    identifier = {"legalName": named.name, **({"scheme": named.scheme, "id": named.number} if named.number else {})}
    return {"id": named.id, "name": named.name, "identifier": identifier, "roles": list(roles)}


def _reference(named: Named) -> dict[str, str]:
    return {"id": named.id, "name": named.name}


def _tender(award: AwardToTell) -> dict[str, Any]:
    period = _period(award.released_at, award.deadline_at)
    criteria = "; ".join(f"{words} {points}" for words, points in award.weights)
    is_competitive = award.route.is_competitive
    return _filled(
        {
            "id": award.reference,
            "title": _title(award),
            "status": "complete",
            "mainProcurementCategory": "services",
            "procurementMethod": _METHODS[award.route],
            "procurementMethodDetails": award.route.words,
            "awardCriteria": "ratedCriteria" if is_competitive and criteria else None,
            "awardCriteriaDetails": criteria if is_competitive else None,
            "submissionMethod": ["electronicSubmission"] if is_competitive else None,
            "numberOfTenderers": award.tenders if is_competitive else None,
            "tenderPeriod": period if is_competitive else None,
            "procuringEntity": _reference(award.buyer),
        }
    )


def _title(award: AwardToTell) -> str:
    return f"Education placement, {award.lot}" if award.lot else "Education placement outside a framework"


def _award(award: AwardToTell) -> dict[str, Any]:
    return _filled(
        {
            "id": award.award_id,
            "title": _title(award),
            "status": "active",
            "date": _moment(award.decided_at),
            "value": _value(award),
            "suppliers": [_reference(award.supplier)],
            "contractPeriod": _days(award.starts_on, award.ends_on),
        }
    )


def _contracts(award: AwardToTell) -> list[dict[str, Any]]:
    if award.placement is None:
        return []
    status = "terminated" if award.ended_on else "active" if award.signed_on else "pending"
    contract = {
        "id": award.placement,
        "awardID": award.award_id,
        "title": "Individual Placement Agreement",
        "status": status,
        "period": _days(award.starts_on, award.ended_on or award.ends_on),
        "value": _value(award),
        "dateSigned": _moment(_at_noon(award.signed_on)) if award.signed_on else None,
    }
    return [_filled(contract)]


def _framework(award: AwardToTell) -> list[dict[str, Any]]:
    if not award.framework_ocid or not award.route.is_on_framework:
        return []
    process = {
        "id": "framework",
        "relationship": ["framework"],
        "title": award.framework,
        "scheme": "ocid",
        "identifier": award.framework_ocid,
    }
    return [_filled(process)]


def _value(award: AwardToTell) -> dict[str, Any] | None:
    """Return what an award comes to over its whole time; nothing where its days or its cost are not agreed."""
    if not award.yearly or award.starts_on is None or award.ends_on is None:
        return None
    days = (award.ends_on - award.starts_on).days + 1
    return {"amount": round(award.yearly * days / _YEAR_DAYS, 2), "currency": "GBP"}


def _period(since: datetime | None, until: datetime | None) -> dict[str, str] | None:
    return {"startDate": _moment(since), "endDate": _moment(until)} if since and until else None


def _days(since: date | None, until: date | None) -> dict[str, str] | None:
    found = {"startDate": since, "endDate": until}
    return {name: _moment(_at_noon(day)) for name, day in found.items() if day} or None


def _at_noon(day: date) -> datetime:
    """Return a moment of a day for a field that takes no day alone: noon is on that day whatever the season."""
    return datetime.combine(day, time(12), tzinfo=UTC)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not known: the schema takes no empty text, and an empty list says nothing."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}
