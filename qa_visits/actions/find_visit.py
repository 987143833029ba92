from __future__ import annotations

from kernel.errors import ConflictError, ForbiddenError, NotFoundError
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with
from qa_visits.model import VisitState
from qa_visits.rules.states import may_become, why_stale
from qa_visits.tables import VisitRow


def find_visit(work: Work, actor: Actor, visit_id: str) -> VisitRow:
    """Return a visit that the actor's council plans, locked for change; raises NotFoundError for any other."""
    row = work.session.get(VisitRow, visit_id, with_for_update=True)
    if row is None or row.council_id not in organisations_with(actor, Permission.VISITS_PLAN):
        raise NotFoundError
    return row


def find_own_visit(work: Work, actor: Actor, visit_id: str) -> VisitRow:
    """Return a visit proposed to the actor, or to an absent colleague for whom they act, locked for change.

    Raises NotFoundError for another council's, ForbiddenError for a colleague's: only the officer to whom it was
    proposed answers.
    """
    row = find_visit(work, actor, visit_id)
    if not actor.stands_for(row.officer_id, row.council_id):
        raise ForbiddenError("This visit was proposed to somebody else.")
    return row


def step_forward(row: VisitRow, state: VisitState) -> None:
    """Put the visit into its next state; raises ConflictError, saying how it stands, where that is no step forward."""
    current = VisitState(row.state)
    if not may_become(current, state):
        raise ConflictError(why_stale(current))
    row.state = state
