from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from fps.actions.standing.tell import tell_councils, tell_person, tell_provider
from fps.events import CouncilPaused, CouncilPauseReviewed, CouncilResumed, ProviderReplied
from fps.messages.standing import COUNCILS_PAUSED, PAUSED, REPLIED, RESUMED
from fps.model.standing import StandingTerms
from fps.queries import lot, setting
from fps.rules.standing import check_may_reply, check_review_day, check_words, reply_day
from fps.tables import CouncilPauseRow, PauseReviewRow, SettingOnLotRow
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.events import publish
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.queries import organisation

_TERMS = StandingTerms()
_TWICE = "Your council has paused new placements there already. End that pause first."


@dataclass(frozen=True)
class PausePlacements:
    """A council's own pause; without `lot_id` of every lot. `tells_provider`: it may read the reason and reply."""

    council_id: str
    setting_id: str
    lot_id: str | None
    reason: str
    review_on: date
    tells_provider: bool = True


def pause_placements(work: Work, actor: Actor, command: PausePlacements) -> str:
    """Pause a council's own new placements at a setting from today, and return the id of the pause (L4).

    Every member council is told that it is so and not why; the provider is told, and may reply, where the council
    wants it. Raises NotFoundError for another's council or a setting that is not on the lot, InvalidInputError for
    reason or day of review, ConflictError where it is paused already.
    """
    if command.council_id not in organisations_with(actor, Permission.PLACEMENTS_PAUSE):
        raise NotFoundError
    card, today = setting(work.session, command.setting_id), london_date(work.now)
    lot_ids = _lots_of(work, command)
    reason = check_words("reason", command.reason)
    check_review_day(command.review_on, today, _TERMS)
    row = CouncilPauseRow(
        id=new_id(),
        council_id=command.council_id,
        setting_id=card.id,
        lot_id=command.lot_id,
        since=today,
        review_on=command.review_on,
        reason=reason,
        actor_id=actor.id,
        recorded_at=work.now,
        tells_provider=command.tells_provider,
        reply_by=reply_day(today, _TERMS) if command.tells_provider else None,
    )
    _write(work, row)
    _record(work, actor, row, "fps.pause_placements")
    publish(work, CouncilPaused(row.id, row.council_id, card.id, row.lot_id))
    council = organisation(work.session, row.council_id).name
    if row.reply_by:
        tell_provider(work, card, PAUSED, council=council, day=row.reply_by.isoformat())
    tell_councils(work, card, COUNCILS_PAUSED, lot_ids, council=council)
    return row.id


def resume_placements(work: Work, actor: Actor, pause_id: str) -> None:
    """End a council's own pause from today; a second press finds it ended and changes nothing.

    Raises NotFoundError for another council's.
    """
    row = work.session.get(CouncilPauseRow, pause_id, with_for_update=True)
    if row is None or row.council_id not in organisations_with(actor, Permission.PLACEMENTS_PAUSE):
        raise NotFoundError
    if row.until is not None:
        return
    row.until, row.ended_by, row.ended_at = london_date(work.now), actor.id, work.now
    _record(work, actor, row, "fps.resume_placements")
    publish(work, CouncilResumed(row.id, row.council_id, row.setting_id, row.lot_id))
    if row.tells_provider:
        council = organisation(work.session, row.council_id).name
        tell_provider(work, setting(work.session, row.setting_id), RESUMED, council=council)


def keep_pause(work: Work, actor: Actor, pause_id: str, reasons: str, next_on: date) -> None:
    """Record a review that keeps a council's own pause, with the day of the next: at most 20 working days off.

    Raises NotFoundError for another council's, ConflictError where it has ended, InvalidInputError for reasons or day.
    """
    row = work.session.get(CouncilPauseRow, pause_id, with_for_update=True)
    if row is None or row.council_id not in organisations_with(actor, Permission.PLACEMENTS_PAUSE):
        raise NotFoundError
    if row.until is not None:
        raise ConflictError("This pause has ended already. Look at the setting again.")
    words = check_words("reasons", reasons)
    check_review_day(next_on, london_date(work.now), _TERMS)
    held = select(func.count()).where(PauseReviewRow.pause_id == row.id)
    review = PauseReviewRow(
        pause_id=row.id,
        number=(work.session.scalar(held) or 0) + 1,
        reviewed_by=actor.id,
        reviewed_at=work.now,
        reasons=words,
        next_on=next_on,
    )
    work.session.add(review)
    row.review_on = next_on
    _record(work, actor, row, "fps.keep_pause")
    publish(work, CouncilPauseReviewed(row.id, row.council_id, row.setting_id, next_on.isoformat()))


def reply_to_pause(work: Work, actor: Actor, pause_id: str, words: str) -> None:
    """Send the provider's reply to a council's pause, once and in time.

    Raises NotFoundError for a setting of another provider or a pause of which it was not told, ConflictError or
    TooLateError where there is nothing to reply to any more, InvalidInputError for no words.
    """
    row = work.session.get(CouncilPauseRow, pause_id, with_for_update=True)
    if row is None or row.reply_by is None:
        raise NotFoundError
    card = setting(work.session, row.setting_id)
    if card.provider_id not in organisations_with(actor, Permission.SETTINGS_OWN):
        raise NotFoundError
    check_may_reply(
        has_replied=row.replied_at is not None,
        reply_by=row.reply_by,
        today=london_date(work.now),
        is_over=row.until is not None,
    )
    row.reply, row.replied_at, row.replied_by = check_words("reply", words), work.now, actor.id
    _record(work, actor, row, "fps.reply_to_pause")
    publish(work, ProviderReplied("pause", row.id, card.id))
    tell_person(work, card, REPLIED, [row.actor_id])


def _lots_of(work: Work, command: PausePlacements) -> list[str]:
    """Return the lots that the pause is for, of those on which the setting stands."""
    of_setting = select(SettingOnLotRow.lot_id).where(SettingOnLotRow.setting_id == command.setting_id)
    found = list(work.session.scalars(of_setting))
    if not found:
        raise ConflictError("The setting is on no lot yet, so that there is nothing to pause.")
    if command.lot_id is None:
        return found
    if lot(work.session, command.lot_id).id not in found:
        raise InvalidInputError("lot", "The setting is not on this lot. Choose another.")
    return [command.lot_id]


def _write(work: Work, row: CouncilPauseRow) -> None:
    open_ones = select(CouncilPauseRow.id).where(
        CouncilPauseRow.council_id == row.council_id,
        CouncilPauseRow.setting_id == row.setting_id,
        CouncilPauseRow.until.is_(None),
        CouncilPauseRow.lot_id.is_(None) if row.lot_id is None else CouncilPauseRow.lot_id == row.lot_id,
    )
    if work.session.scalar(open_ones):
        raise ConflictError(_TWICE)
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:
        raise ConflictError(_TWICE) from None


def _record(work: Work, actor: Actor, row: CouncilPauseRow, action: str) -> None:
    audit.record(
        work,
        actor=actor.id,
        action=action,
        subject=("setting", row.setting_id),
        details={"pause_id": row.id, "council_id": row.council_id, "lot_id": row.lot_id},
    )
