from __future__ import annotations

from sqlalchemy import select

from fps.actions.rounds.find_round import find_round
from fps.actions.rounds.plan_session import call_off
from fps.actions.rounds.tell_contacts import tell_contacts
from fps.actions.rounds.write_round import write_version
from fps.events import RoundCancelled, RoundMoved, RoundPublished
from fps.messages.rounds import CANCELLED, cancelled_values
from fps.model.rounds import RoundState
from fps.queries.rounds import round_card
from fps.rules.rounds import check_publication, check_step
from fps.tables.rounds import RoundRow, RoundSessionRow
from kernel import audit
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.events import publish
from kernel.work import Work
from people.model import Actor

_LONGEST_REASON = 1000


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


def cancel_round(work: Work, actor: Actor, round_id: str, reason: str) -> None:
    """Cancel a round that is not decided; everybody who takes part is told why.

    Raises InvalidInputError without a reason, ConflictError for a round that is decided or cancelled already.
    """
    row = find_round(work, actor, round_id)
    reason = " ".join(reason.split())
    if not reason:
        raise InvalidInputError("reason", "Say why the round is cancelled. Everybody who takes part reads it.")
    if len(reason) > _LONGEST_REASON:
        raise InvalidInputError("reason", "Use at most {most} characters.", most=_LONGEST_REASON)
    if row.state in (RoundState.CANCELLED, RoundState.DECIDED, RoundState.LISTED):
        raise ConflictError("This round is over. It cannot be cancelled.")
    row.state, row.cancel_reason, row.changed_at = RoundState.CANCELLED, reason, work.now
    if row.published_at is not None:
        row.version += 1
        values = cancelled_values(round_card(row), reason)
        tell_contacts(work, row.id, CANCELLED, values, dedupe=f"round_cancelled:{row.id}")
    for session in work.session.scalars(select(RoundSessionRow).where(RoundSessionRow.round_id == row.id)):
        call_off(work, actor, session, reason)
    audit.record(work, actor=actor.id, action="fps.cancel_round", subject=("round", row.id))
    publish(work, RoundCancelled(row.id, row.framework_id))


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
