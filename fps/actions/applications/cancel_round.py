from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from fps.actions.applications.end_applications import end_applications_of_round, hold_applications
from fps.actions.rounds.find_round import find_round
from fps.actions.rounds.plan_session import call_off
from fps.actions.rounds.tell_contacts import tell_contacts
from fps.events import RoundCancelled
from fps.messages.rounds import CANCELLED, cancelled_values
from fps.model.rounds import RoundState
from fps.queries.rounds import round_card
from fps.tables.rounds import RoundRow, RoundSessionRow
from kernel import audit
from kernel.errors import ConflictError, InvalidInputError
from kernel.events import publish
from kernel.work import Work
from people.model import Actor, Role
from people.queries import persons_with_role

_LONGEST_REASON = 1000


def cancel_round(work: Work, actor: Actor, round_id: str, reason: str) -> None:
    """Cancel a round that is not decided: its applications end, and everybody who takes part is told why.

    All users of a provider whose application ends are told too. Raises InvalidInputError without a reason,
    ConflictError for a round that is decided or cancelled already.
    """
    hold_applications(work, round_id)
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
        _tell_cancelled(work, row, reason, end_applications_of_round(work, actor.id, row.id))
    for session in work.session.scalars(select(RoundSessionRow).where(RoundSessionRow.round_id == row.id)):
        call_off(work, actor, session, reason)
    audit.record(work, actor=actor.id, action="fps.cancel_round", subject=("round", row.id))
    publish(work, RoundCancelled(row.id, row.framework_id))


def _tell_cancelled(work: Work, row: RoundRow, reason: str, provider_ids: Iterable[str]) -> None:
    applicants = {
        user.id
        for provider_id in provider_ids
        for user in persons_with_role(work.session, Role.PROVIDER_USER, provider_id)
    }
    values = cancelled_values(round_card(row), reason)
    tell_contacts(work, row.id, CANCELLED, values, dedupe=f"round_cancelled:{row.id}", also=applicants)
