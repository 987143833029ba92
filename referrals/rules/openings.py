"""Who of those that were asked opened a referral, by the lines of the audit log (R34)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

OPENED = "referrals.open_request"
"""The step that says that somebody opened a version for the first time."""


@dataclass(frozen=True)
class Opening:
    """When somebody opened which version, for which settings of theirs."""

    at: datetime
    details: Mapping[str, Any]


def first_openings(found: Iterable[Opening]) -> dict[str, datetime]:
    """Return when each setting that was asked had the referral opened first, by recipient."""
    first: dict[str, datetime] = {}
    for one in found:
        for recipient_id in one.details["recipients"]:
            first[recipient_id] = min(one.at, first.get(recipient_id, one.at))
    return first
