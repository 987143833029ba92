from __future__ import annotations

from fps import tables
from people.holdings import Fate, Holding

_WHY = "It is part of the register of the framework, which is evidence of its procurement (R36)."
_UNTIL = "6 years after another document took its place"

EVIDENCE_HOLDINGS = (
    Holding(
        "documents_decided",
        "Documents that you accepted, refused or withdrew",
        tables.DocumentRow,
        Fate.KEEP,
        "decided_by",
        shown={"kind": "Kind", "state": "Decision", "refusal": "Reason", "decided_at": "When"},
        why=_WHY,
        until=_UNTIL,
    ),
    Holding(
        "documents_read",
        "Documents of providers that you took to read",
        tables.DocumentViewRow,
        Fate.KEEP,
        "person_id",
        shown={"seen_at": "When"},
        why="A provider may know which organisations have read its documents.",
        until=_UNTIL,
    ),
    Holding(
        "rechecks_started",
        "Yearly checks that you started",
        tables.RecheckRow,
        Fate.KEEP,
        "started_by",
        shown={"due_on": "Due", "started_at": "When"},
        why=_WHY,
        until="6 years after the framework has ended",
    ),
    Holding(
        "rechecks_closed",
        "Yearly checks that you closed",
        tables.RecheckRow,
        Fate.KEEP,
        "closed_by",
        shown={"due_on": "Due", "closed_at": "When"},
        why=_WHY,
        until="6 years after the framework has ended",
    ),
    Holding(
        "recheck_answers",
        "Answers you gave in yearly checks",
        tables.RecheckItemRow,
        Fate.KEEP,
        "answered_by",
        shown={"kind": "Document", "answer": "Answer", "answered_at": "When"},
        why=_WHY,
        until="6 years after the framework has ended",
    ),
)
