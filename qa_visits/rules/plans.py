from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kernel.calendar import add_working_days
from qa_visits.model import ActionState, Rag

MIN_EVIDENCE_CHARACTERS = 10
MAX_EVIDENCE_CHARACTERS = 4000


@dataclass(frozen=True)
class Standing:
    """What decides the colour of an improvement action."""

    state: ActionState
    due_on: date
    is_evidence_rejected: bool


def is_overdue(standing: Standing, today: date) -> bool:
    """Tell whether the due date has passed with nothing from the provider that waits to be checked.

    Evidence that waits for the officer stops the provider's clock: the next step is not theirs.
    """
    return today > standing.due_on and standing.state in (ActionState.OPEN, ActionState.IN_PROGRESS)


def shown_state(standing: Standing, today: date) -> ActionState:
    """Return the status as people see it on that day, overdue included."""
    return ActionState.OVERDUE if is_overdue(standing, today) else standing.state


def rag(standing: Standing, today: date, *, amber_within_wd: int) -> Rag:
    """Compute the colour on that day (DOMAIN.md 4, improvement plan).

    Blue: verified. Red: overdue, or the last evidence was rejected. Amber: due within `amber_within_wd`
    working days and no evidence waiting. Green: everything else.
    """
    if standing.state is ActionState.VERIFIED:
        return Rag.BLUE
    if standing.is_evidence_rejected or is_overdue(standing, today):
        return Rag.RED
    if standing.state is ActionState.EVIDENCE_IN:
        return Rag.GREEN
    return Rag.AMBER if today >= add_working_days(standing.due_on, -amber_within_wd) else Rag.GREEN
