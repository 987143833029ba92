from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError

from fps.actions.standing.find_decision import find_suspension, lead_of, record_decision, suspended_lots, terms_of
from fps.actions.standing.take_step import Step, standing_of, take_step
from fps.actions.standing.tell import tell_councils, tell_provider
from fps.events import SettingSuspended, SuspensionNotified
from fps.messages.standing import COUNCILS_SUSPENDED, NOTICE, SUSPENDED
from fps.model import Status
from fps.queries import setting
from fps.rules.standing import (
    check_notice_over,
    check_review_day,
    check_suspendable,
    check_words,
    reply_day,
)
from fps.tables import SuspendedLotRow, SuspensionRow
from kernel.calendar import london_date
from kernel.errors import ConflictError
from kernel.events import publish
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor


@dataclass(frozen=True)
class SuspendSetting:
    """A decision to suspend on lots of one lead authority.

    `is_urgent`: children are at risk, so that it counts from today and the provider replies after; else the provider
    has notice first. `review_on` is asked for where it is urgent.
    """

    setting_id: str
    lot_ids: tuple[str, ...]
    reasons: str
    is_urgent: bool
    review_on: date | None = None


def suspend_setting(work: Work, actor: Actor, command: SuspendSetting) -> str:
    """Suspend a setting at once, or give its provider notice, and return the id of the suspension (L5).

    Either way the provider is told and has 5 working days to reply ([own]); once it counts, every member council is
    told too. Raises NotFoundError for lots that the actor does not lead, InvalidInputError for lots, reasons or day
    of review, ConflictError where a suspension is under way or the setting does not stand so that it can be.
    """
    council_id, card = lead_of(work, actor, command.lot_ids), setting(work.session, command.setting_id)
    reasons, today = check_words("reasons", command.reasons), london_date(work.now)
    row = SuspensionRow(
        id=new_id(),
        council_id=council_id,
        setting_id=card.id,
        decided_by=actor.id,
        recorded_at=work.now,
        reasons=reasons,
        is_urgent=command.is_urgent,
        reply_by=reply_day(today, terms_of(work, command.lot_ids)),
    )
    _write(work, row, command.lot_ids)
    if command.is_urgent:
        _put_in_force(work, actor, row, command.review_on)
    else:
        record_decision(work, actor, row, "fps.notify_suspension", lots=sorted(command.lot_ids))
        publish(work, SuspensionNotified(row.id, card.id))
        tell_provider(work, card, NOTICE, day=row.reply_by.isoformat())
    return row.id


def put_suspension_in_force(work: Work, actor: Actor, suspension_id: str, review_on: date | None) -> None:
    """Suspend a setting of whose suspension the provider had notice: once it replied, or its time to reply is over.

    Raises NotFoundError for another lead authority's, ConflictError where it is in force, has ended or is too early,
    InvalidInputError for the day of review.
    """
    row = find_suspension(work, actor, suspension_id)
    if row.ended_at is not None or row.effective_on is not None:
        raise ConflictError("This suspension is in force already, or has ended. Look at the setting again.")
    check_notice_over(
        is_urgent=row.is_urgent,
        has_replied=row.replied_at is not None,
        reply_by=row.reply_by,
        today=london_date(work.now),
    )
    _put_in_force(work, actor, row, review_on)


def _write(work: Work, row: SuspensionRow, lot_ids: tuple[str, ...]) -> None:
    for lot_id in sorted(set(lot_ids)):
        check_suspendable(standing_of(work, row.setting_id, lot_id))
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:
        raise ConflictError("A suspension of this setting is under way already. Go on with that one.") from None
    work.session.add_all(SuspendedLotRow(suspension_id=row.id, lot_id=lot_id) for lot_id in sorted(set(lot_ids)))
    work.session.flush()


def _put_in_force(work: Work, actor: Actor, row: SuspensionRow, review_on: date | None) -> None:
    today = london_date(work.now)
    on_lots = suspended_lots(work, row.id)
    lot_ids = [each.lot_id for each in on_lots]
    due = review_on or today
    check_review_day(due, today, terms_of(work, lot_ids))
    for each in on_lots:
        before = standing_of(work, row.setting_id, each.lot_id)
        check_suspendable(before)
        each.before = before
        take_step(work, actor.id, Step(row.setting_id, each.lot_id, Status.SUSPENDED, row.reasons))
    row.effective_on, row.review_on = today, due
    record_decision(work, actor, row, "fps.suspend_setting", lots=lot_ids, is_urgent=row.is_urgent)
    publish(work, SettingSuspended(row.id, row.setting_id, today.isoformat()))
    card = setting(work.session, row.setting_id)
    tell_provider(work, card, SUSPENDED, day=due.isoformat())
    tell_councils(work, card, COUNCILS_SUSPENDED, lot_ids, day=due.isoformat())
