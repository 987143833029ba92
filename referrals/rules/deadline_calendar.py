from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fps.rules.round_calendar import Entry, Method, write_calendar

_DOMAIN = "referrals.coproduction-hub"


@dataclass(frozen=True)
class Deadline:
    """Until when a referral can be answered, in its latest version."""

    referral_id: str
    reference: str
    council: str
    deadline_at: datetime
    version: int
    issued_at: datetime
    is_withdrawn: bool = False


def calendar_of(deadlines: Iterable[Deadline], base_url: str) -> str:
    """Return deadlines as an iCalendar feed (RFC 5545); it says no more of a referral than an alert does (R30).

    An entry keeps its UID for ever, and each version of the referral gives it the next SEQUENCE. One that is
    withdrawn is called off, until its page closes.
    """
    entries = (
        Entry(
            uid=f"referral-{one.referral_id}@{_DOMAIN}",
            sequence=one.version - 1 + one.is_withdrawn,
            made_at=one.issued_at,
            starts=one.deadline_at,
            ends=None,
            summary=f"Answer referral {one.reference}, {one.council}",
            location="",
            url=f"{base_url}/referrals/{one.referral_id}",
            is_cancelled=one.is_withdrawn,
        )
        for one in deadlines
    )
    return write_calendar(entries, Method.PUBLISH, "Referrals to answer")
