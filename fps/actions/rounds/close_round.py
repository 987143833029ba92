from __future__ import annotations

from sqlalchemy import exists, select

from fps.actions.rounds.find_round import find_round
from fps.actions.rounds.move_round import move_round
from fps.model.applications import ApplicationState
from fps.model.rounds import RoundState
from fps.queries.rounds import round_card
from fps.tables.applications import ApplicationRow
from kernel.errors import ConflictError
from kernel.work import Work
from people.model import Actor


def close_round(work: Work, actor: Actor, round_id: str) -> None:
    """Close a round that has no application to decide: none was sent, or all were withdrawn. Twice does no harm.

    Raises NotFoundError for another authority's round, ConflictError before it has closed, while an application waits
    for its decision, or once it was cancelled.
    """
    row = find_round(work, actor, round_id)
    state = round_card(row).state_at(work.now)
    if state in (RoundState.DECIDED, RoundState.LISTED):
        return
    if state not in (RoundState.CLOSED, RoundState.EVALUATING):
        raise ConflictError("The round has not closed. It can be ended once it has.")
    waits = exists().where(ApplicationRow.round_id == row.id, ApplicationRow.state == ApplicationState.SUBMITTED)
    if work.session.scalar(select(waits)):
        raise ConflictError("An application waits for its decision. Decide it, then send the letters.")
    move_round(work, actor.id, row.id, RoundState.EVALUATING)
    move_round(work, actor.id, row.id, RoundState.DECIDED)
