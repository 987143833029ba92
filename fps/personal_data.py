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
    Holding(
        "fees",
        "Fees you recorded",
        tables.FeeRow,
        Fate.KEEP,
        "recorded_by",
        shown={"band": "Band", "valid_from": "From", "recorded_at": "When"},
        why=_WHY,
        until=_UNTIL,
    ),
    Holding(
        "profile_versions",
        "What you wrote of a setting for the directory",
        tables.ProfileVersionRow,
        Fate.KEEP,
        "written_by",
        shown={"number": "Version", "written_at": "When", "published_at": "Published"},
        why=_WHY,
        until=_UNTIL,
    ),
    Holding(
        "vacancy_reports",
        "Free places that you told of",
        tables.VacancyReportRow,
        Fate.KEEP,
        "reported_by",
        shown={"places": "Places", "channel": "How", "at": "When"},
        why=_WHY,
        until=_UNTIL,
    ),
    Holding(
        "vacancy_asks",
        "Monthly questions about free places",
        tables.VacancyAskRow,
        Fate.KEEP,
        "person_id",
        shown={"month": "Month", "asked_at": "Asked", "closed_at": "Closed"},
        why="It shows that every provider was asked in the same way.",
        until=_UNTIL,
    ),
    Holding(
        "open_data_imports",
        "Files of open data you handed in",
        tables.OpenDataImportRow,
        Fate.KEEP,
        "person_id",
        shown={"source": "What", "as_at": "As at", "created_at": "When", "state": "State"},
        why=_WHY,
        until=_UNTIL,
    ),
    Holding(
        "open_data_changes",
        "Changes in public registers that you dealt with",
        tables.OpenDataChangeRow,
        Fate.KEEP,
        "dealt_by",
        shown={"urn": "School", "what": "What", "dealt_at": "When"},
        why=_WHY,
        until=_UNTIL,
    ),
)
PERSON_DATA = Holdings("fps", HOLDINGS)
