from __future__ import annotations

from sqlalchemy import ColumnElement, func, select

from kernel.database import Base
from people.holdings import Fate, Holding, Holdings
from qa_visits import tables

_WHY = "It is part of the record of a quality visit and of what came of it (V13)."
_UNTIL = "7 years after the visit"


def _record(kind: str, title: str, row: type[Base], column: str, shown: dict[str, str]) -> Holding:
    return Holding(kind, title, row, Fate.KEEP, column, shown=shown, why=_WHY, until=_UNTIL)


def _of_step() -> ColumnElement[str | None]:
    """Return whose a step is: the council's whose visit or action it was."""
    step, visit, action = tables.StepRow, tables.VisitRow, tables.ActionRow
    of_visit = select(visit.council_id).where(visit.id == step.subject_id).correlate(step).scalar_subquery()
    of_action = select(action.council_id).where(action.id == step.subject_id).correlate(step).scalar_subquery()
    return func.coalesce(of_visit, of_action)


_VISIT = {"day": "Day", "visit_type": "Kind", "state": "State"}
_ACTION = {"title": "Action", "due_on": "Due", "state": "State"}

HOLDINGS = (
    _record("visits", "Visits you made", tables.VisitRow, "officer_id", {**_VISIT, "summary": "Summary"}),
    _record("proposed", "Visits you proposed", tables.VisitRow, "proposed_by", _VISIT),
    Holding(
        "days", "Days of yours that a visit took", tables.OfficerDayRow, Fate.DELETE, "officer_id", shown={"day": "Day"}
    ),
    _record("checked", "Improvement actions you check", tables.ActionRow, "officer_id", _ACTION),
    _record("owned", "Improvement actions of yours", tables.ActionRow, "owner_id", _ACTION),
    _record(
        "evidence", "Evidence you sent in", tables.EvidenceRow, "sent_by", {"text": "What you wrote", "sent_at": "Sent"}
    ),
    _record(
        "verdicts",
        "Evidence you judged",
        tables.EvidenceRow,
        "verdict_by",
        {"verdict": "Verdict", "verdict_note": "Note", "verdict_at": "When"},
    ),
    Holding(
        "steps",
        "Steps you took",
        tables.StepRow,
        Fate.KEEP,
        "actor_id",
        shown={"what": "What", "note": "Note", "at": "When"},
        why=_WHY,
        until=_UNTIL,
        place=_of_step,
    ),
    Holding(
        "figures",
        "Figures you changed",
        tables.FigureRow,
        Fate.KEEP,
        "changed_by",
        why=_WHY,
        until="the figure is changed again",
        shown={"name": "Figure", "changed_at": "When"},
    ),
)
PERSON_DATA = Holdings("qa_visits", HOLDINGS)
