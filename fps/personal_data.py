from __future__ import annotations

from fps import tables
from people.holdings import Fate, Holding, Holdings

_WHY = "It is part of the register of the framework, which is evidence of its procurement (R36)."
_UNTIL = "6 years after the framework has ended"

HOLDINGS = (
    Holding(
        "contacts",
        "Settings whose referrals come to you",
        tables.SettingRow,
        Fate.KEEP,
        "referral_contact_id",
        shown={"name": "Setting"},
        why="A setting must have somebody to whom referrals go. Name somebody else there: until then nobody is told.",
        until="somebody else is named",
    ),
    Holding(
        "status_changes",
        "Changes of a setting's status",
        tables.StatusChangeRow,
        Fate.KEEP,
        "actor_id",
        shown={"to_status": "To", "effective_on": "From", "reason": "Reason", "recorded_at": "When"},
        why=_WHY,
        until=_UNTIL,
    ),
    Holding(
        "documents",
        "Documents you recorded",
        tables.DocumentRow,
        Fate.KEEP,
        "recorded_by",
        shown={"kind": "Kind", "valid_until": "Valid until", "recorded_at": "When"},
        why=_WHY,
        until=_UNTIL,
    ),
)
PERSON_DATA = Holdings("fps", HOLDINGS)
