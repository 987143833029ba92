from __future__ import annotations

from fps.actions.standing.find_decision import Decision, find_for_provider, record_decision
from fps.actions.standing.tell import tell_person
from fps.events import ProviderReplied
from fps.messages.standing import REPLIED
from fps.rules.standing import check_may_reply, check_words
from fps.tables import LeavingPlanRow, SuspensionRow
from kernel.calendar import london_date
from kernel.events import publish
from kernel.work import Work
from people.model import Actor


def reply_to_suspension(work: Work, actor: Actor, suspension_id: str, words: str) -> None:
    """Send the provider's reply to a suspension or the notice of one, once and in time.

    Raises NotFoundError for another provider's setting, ConflictError or TooLateError where there is nothing to reply
    to any more, InvalidInputError for no words.
    """
    _reply(work, actor, work.session.get(SuspensionRow, suspension_id, with_for_update=True), "suspension", words)


def reply_to_leaving(work: Work, actor: Actor, plan_id: str, words: str) -> None:
    """Send the provider's reply to the decision that its setting leaves; raises what reply_to_suspension raises."""
    _reply(work, actor, work.session.get(LeavingPlanRow, plan_id, with_for_update=True), "leaving_plan", words)


def _reply(work: Work, actor: Actor, row: Decision | None, kind: str, words: str) -> None:
    card = find_for_provider(work, actor, row)
    if row is None:
        return
    check_may_reply(
        has_replied=row.replied_at is not None,
        reply_by=row.reply_by,
        today=london_date(work.now),
        is_over=row.ended_at is not None,
    )
    row.reply, row.replied_at, row.replied_by = check_words("reply", words), work.now, actor.id
    record_decision(work, actor, row, "fps.reply_to_decision", kind=kind)
    publish(work, ProviderReplied(kind, row.id, card.id))
    tell_person(work, card, REPLIED, [row.decided_by])
