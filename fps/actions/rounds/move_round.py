from __future__ import annotations

from fps.actions.rounds.find_round import find_round
from fps.actions.rounds.write_round import write_version
from fps.events import RoundMoved, RoundPublished
from fps.model.rounds import RoundState
from fps.queries.rounds import round_card
from fps.rules.rounds import check_publication, check_step
from fps.tables.rounds import RoundRow
from kernel import audit
from kernel.errors import ConflictError, NotFoundError
from kernel.events import publish
from kernel.work import Work
from people.model import Actor


def publish_round(work: Work, actor: Actor, round_id: str) -> None:
    """Publish a draft: from now on anybody reads it, and it opens at its time.

    Pressed twice it does no harm. Raises NotFoundError for another authority's round, InvalidInputError for an
    opening in the past, ConflictError for a round that was cancelled.
    """
    row = find_round(work, actor, round_id)
    if row.state == RoundState.CANCELLED:
        raise ConflictError("This round was cancelled. Write another one.")
    if row.published_at is not None:
        return
    check_publication(round_card(row).terms, work.now)
    row.state, row.published_at, row.changed_at = RoundState.PUBLISHED, work.now, work.now
    write_version(work, actor, row, ())
    audit.record(work, actor=actor.id, action="fps.publish_round", subject=("round", row.id))
    publish(work, RoundPublished(row.id, row.framework_id))


def move_round(work: Work, by: str, round_id: str, to: RoundState) -> None:
    """Take a round on after its closing: EVALUATING, DECIDED, then LISTED once the list is out to all members.

    For actions that have checked who acts; `by` is a person's id or "system". A step taken already does no harm.
    Raises NotFoundError, and ConflictError for a step out of turn.
    """
    row = work.session.get(RoundRow, round_id, with_for_update=True)
    if row is None:
        raise NotFoundError
    if row.state == to:
        return
    check_step(round_card(row), to, work.now)
    row.state = to
    audit.record(work, actor=by, action="fps.move_round", subject=("round", row.id), details={"to": to})
    publish(work, RoundMoved(row.id, to))
