from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from fps.actions.standing.find_decision import find_suspension, record_decision, suspended_lots, terms_of
from fps.actions.standing.take_step import Step, standing_of, take_step
from fps.actions.standing.tell import tell_councils, tell_provider
from fps.events import SuspensionEnded, SuspensionReviewed
from fps.messages.standing import COUNCILS_LIFTED, LIFTED
from fps.model import Status
from fps.model.standing import Outcome
from fps.queries import held_by, lot, setting, status_history
from fps.queries.lapses import first_lapse
from fps.rules import document_faults
from fps.rules.standing import check_review_day, check_words, status_after
from fps.tables import SuspendedLotRow, SuspensionReviewRow, SuspensionRow
from kernel.audit import SYSTEM
from kernel.calendar import london_date
from kernel.errors import ConflictError
from kernel.events import publish
from kernel.work import Work
from people.model import Actor


def lift_suspension(work: Work, actor: Actor, suspension_id: str, reasons: str) -> None:
    """End a suspension, or withdraw the notice of one; the provider is told, and of a suspension all councils are.

    On each lot the setting goes back to where it stood, or to a hold where a required document has lapsed meanwhile.
    Raises NotFoundError for another lead authority's, ConflictError where it has ended, InvalidInputError for no
    reasons.
    """
    row = find_suspension(work, actor, suspension_id)
    _check_open(row)
    words = check_words("reasons", reasons)
    was_in_force = row.effective_on is not None
    on_lots = suspended_lots(work, row.id)
    if was_in_force:
        for each in on_lots:
            _give_back(work, actor, row, each, words)
    outcome = Outcome.LIFTED if was_in_force else Outcome.WITHDRAWN
    end(work, actor, row, outcome, words)
    card = setting(work.session, row.setting_id)
    tell_provider(work, card, LIFTED)
    if was_in_force:
        tell_councils(work, card, COUNCILS_LIFTED, [each.lot_id for each in on_lots])


def keep_suspension(work: Work, actor: Actor, suspension_id: str, reasons: str, next_on: date) -> None:
    """Record a review that keeps a suspension, with the day of the next: at most 20 working days off ([own]).

    Raises NotFoundError for another lead authority's, ConflictError where it is not in force, InvalidInputError for
    reasons or day.
    """
    row = find_suspension(work, actor, suspension_id)
    _check_open(row)
    if row.effective_on is None:
        raise ConflictError("This suspension is not in force yet. Put it in force or withdraw the notice.")
    today = london_date(work.now)
    check_review_day(next_on, today, terms_of(work, [each.lot_id for each in suspended_lots(work, row.id)]))
    held = select(func.count()).where(SuspensionReviewRow.suspension_id == row.id)
    review = SuspensionReviewRow(
        suspension_id=row.id,
        number=(work.session.scalar(held) or 0) + 1,
        reviewed_by=actor.id,
        reviewed_at=work.now,
        reasons=check_words("reasons", reasons),
        next_on=next_on,
    )
    work.session.add(review)
    row.review_on = next_on
    record_decision(work, actor, row, "fps.keep_suspension", review_on=next_on.isoformat())
    publish(work, SuspensionReviewed(row.id, row.setting_id, next_on.isoformat()))


def end(work: Work, actor: Actor, row: SuspensionRow, outcome: Outcome, words: str) -> None:
    """Close a suspension that the work holds."""
    row.ended_at, row.ended_by, row.end_reasons, row.outcome = work.now, actor.id, words, outcome
    work.session.flush()
    record_decision(work, actor, row, "fps.end_suspension", outcome=outcome)
    publish(work, SuspensionEnded(row.id, row.setting_id, outcome))


def _check_open(row: SuspensionRow) -> None:
    if row.ended_at is not None:
        raise ConflictError("This suspension has ended already. Look at the setting again.")


def _give_back(work: Work, actor: Actor, row: SuspensionRow, each: SuspendedLotRow, words: str) -> None:
    if standing_of(work, row.setting_id, each.lot_id) is not Status.SUSPENDED:
        return
    today = london_date(work.now)
    required = lot(work.session, each.lot_id, today).required_documents
    faults = document_faults(required, held_by(work.session, row.setting_id), today)
    is_held_by_hand = _was_held_by_hand(work, row.setting_id, each.lot_id)
    before = Status(each.before) if each.before else None
    after = status_after(before, has_documents=not faults, is_held_by_hand=is_held_by_hand)
    if after is Status.COMPLIANCE_HOLD and not is_held_by_hand:
        _hold(work, row.setting_id, each.lot_id, faults)
    else:
        take_step(work, actor.id, Step(row.setting_id, each.lot_id, after, words))


def _was_held_by_hand(work: Work, setting_id: str, lot_id: str) -> bool:
    """Tell whether the step before the suspension was a hold that a person had begun."""
    before = status_history(work.session, setting_id, lot_id)[-2:-1]
    return any(step.to_status is Status.COMPLIANCE_HOLD and step.actor_id != SYSTEM for step in before)


def _hold(work: Work, setting_id: str, lot_id: str, faults: tuple[str, ...]) -> None:
    """Put on hold as the nightly look at documents would, so that the hold ends as such a one does, by itself."""
    lapse = first_lapse(work.session, setting_id, lot_id, london_date(work.now))
    reason = f"The suspension is lifted, but {'; '.join(faults)}."
    step = Step(setting_id, lot_id, Status.COMPLIANCE_HOLD, reason, document_id=lapse.document_id if lapse else None)
    take_step(work, SYSTEM, step)
