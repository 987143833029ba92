from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry
from kernel.audit_lines import Wanted, all_lines
from referrals.rules.openings import OPENED, Opening, first_openings
from referrals.tables import RecipientRow


@dataclass(frozen=True)
class Opened:
    """How many of the settings that were asked had somebody open the referral, and when first and last the first time.

    Counts alone, so that it may be shown before the answers are opened (R21).
    """

    count: int
    asked: int
    first_at: datetime | None
    last_at: datetime | None


def has_opened(session: Session, person_id: str, referral_id: str, version: int) -> bool:
    """Tell whether the log has it that somebody opened a version of a referral."""
    return any(json.loads(line.details)["version"] == version for line in _lines(session, referral_id, person_id))


def openings_of(session: Session, referral_id: str) -> Opened:
    """Return how many settings opened a referral; whose affair it is the caller makes sure."""
    lines = _lines(session, referral_id)
    found = first_openings(Opening(line.at, json.loads(line.details)) for line in lines)
    asked = session.scalar(select(func.count(RecipientRow.id)).where(RecipientRow.referral_id == referral_id)) or 0
    times = sorted(found.values())
    return Opened(len(times), asked, times[0] if times else None, times[-1] if times else None)


def _lines(session: Session, referral_id: str, person_id: str = "") -> Iterator[AuditEntry]:
    wanted = Wanted(actor=person_id, action=OPENED, subject_kind="referral", subject_id=referral_id)
    return all_lines(session, wanted)
