from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.calendar import LONDON
from referrals.model import Gender, Need


@dataclass(frozen=True)
class Text:
    """What every recipient of an issue is shown, word for word the same (R9)."""

    reference: str
    council_name: str
    lot_title: str
    need: Need


def frozen_text(text: Text) -> dict[str, Any]:
    """Return the text as plain values, in the form in which it is kept and hashed."""
    need = text.need
    return {
        "reference": text.reference,
        "council": text.council_name,
        "lot": text.lot_title,
        "age_band": need.age_band.value,
        "year_group": need.year_group,
        "gender": need.gender.value if need.gender else None,
        "need_area": need.need_area.value,
        "outcomes": need.outcomes,
        "risk_wording": need.risk_wording,
        "travel_zone": need.travel_zone,
        "starts_from": need.starts_from.isoformat(),
        "starts_until": need.starts_until.isoformat(),
    }


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


def gender_to_show(gender: Gender | None, *, registration_asks: bool) -> Gender | None:
    """Return the gender only where a registration on the lot is for one gender (R31)."""
    return gender if registration_asks else None
