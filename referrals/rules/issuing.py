from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from kernel.calendar import LONDON
from referrals.model import AgeBand, Gender, Need, NeedArea
from referrals.model.criteria import Weights
from referrals.model.routes import Route


@dataclass(frozen=True)
class Attached:
    """A file that goes out with an issue; its SHA-256 is frozen with the text (R9)."""

    id: str
    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Text:
    """What every recipient of an issue is shown, word for word the same (R9).

    `weights` are None where nobody competes (R24). `area` stands in the alert instead of the council's name where the
    council would narrow a rare learner down (R33).
    """

    reference: str
    council_name: str
    lot_number: int
    lot_title: str
    need: Need
    route: Route = Route.MINI_COMPETITION
    weights: Weights | None = None
    files: tuple[Attached, ...] = ()
    area: str | None = None


def frozen_text(text: Text) -> dict[str, Any]:
    """Return the text as plain values, in the form in which it is kept and hashed."""
    need = text.need
    return {
        "reference": text.reference,
        "council": text.council_name,
        "lot": text.lot_title,
        "lot_number": text.lot_number,
        "age_band": need.age_band.value,
        "year_group": need.year_group,
        "gender": need.gender.value if need.gender else None,
        "need_area": need.need_area.value,
        "outcomes": need.outcomes,
        "risk_wording": need.risk_wording,
        "travel_zone": need.travel_zone,
        "starts_from": need.starts_from.isoformat(),
        "starts_until": need.starts_until.isoformat(),
        "weekly_hours": need.weekly_hours,
        "route": text.route.value,
        "weights": text.weights.plain if text.weights else None,
        "files": [asdict(file) for file in text.files],
        "area": text.area,
    }


def thaw(text: Mapping[str, Any]) -> Text:
    """Return the text that `frozen_text` froze."""
    return Text(
        reference=text["reference"],
        council_name=text["council"],
        lot_number=text["lot_number"],
        lot_title=text["lot"],
        need=Need(
            age_band=AgeBand(text["age_band"]),
            year_group=text["year_group"],
            gender=Gender(text["gender"]) if text["gender"] else None,
            need_area=NeedArea(text["need_area"]),
            outcomes=text["outcomes"],
            risk_wording=text["risk_wording"],
            travel_zone=text["travel_zone"],
            starts_from=date.fromisoformat(text["starts_from"]),
            starts_until=date.fromisoformat(text["starts_until"]),
            weekly_hours=text.get("weekly_hours"),
        ),
        route=Route(text.get("route", Route.MINI_COMPETITION)),
        weights=Weights.of(text["weights"]) if text.get("weights") else None,
        files=tuple(Attached(**file) for file in text.get("files", ())),
        area=text.get("area"),
    )


def issue_hash(text: Mapping[str, Any], release_at: datetime, deadline_at: datetime, setting_ids: Iterable[str]) -> str:
    """Return the SHA-256 over text, release, deadline and recipients' list: the seal of an issue (R9, R14).

    Times go in as UTC with the zone they were set in, recipients in the order of their ids.
    """
    whole = {
        "text": dict(text),
        "release_at": release_at.isoformat(),
        "deadline_at": deadline_at.isoformat(),
        "zone": LONDON.key,
        "recipients": sorted(setting_ids),
    }
    return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def fingerprint(
    text: Mapping[str, Any],
    asked: Iterable[str],
    left_out: Mapping[str, Iterable[str]],
    behind: Mapping[str, Any] | None = None,
) -> str:
    """Return a SHA-256 over what a preview shows: the text, who is asked, who is left out, and what is behind it.

    An issue names the fingerprint that its commissioner looked at, so that nothing else is issued than was seen.
    """
    whole = {
        "text": dict(text),
        "asked": sorted(asked),
        "left_out": {setting_id: list(filters) for setting_id, filters in left_out.items()},
        "behind": dict(behind or {}),
    }
    return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def gender_to_show(gender: Gender | None, *, registration_asks: bool) -> Gender | None:
    """Return the gender only where a registration on the lot is for one gender (R31)."""
    return gender if registration_asks else None
