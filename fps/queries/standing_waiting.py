from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fps.tables import CouncilPauseRow, LeavingAnswerRow, LeavingPlanRow, SettingRow, SuspensionRow
from kernel.calendar import add_working_days, london_date
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.waiting import Waiting, count_waiting

_SOON_WD = 2


def suspensions_to_review(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the suspensions of the actor's lead authority whose review is due within 2 working days, or was."""
    row, today = SuspensionRow, london_date(now)
    return count_waiting(
        session,
        row.review_on,
        row.council_id.in_(organisations_with(actor, Permission.REGISTER_MANAGE)),
        row.ended_at.is_(None),
        row.review_on <= add_working_days(today, _SOON_WD),
        late=row.review_on < today,
    )


def pauses_to_review(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the pauses of the actor's council whose review is due within 2 working days, or was."""
    row, today = CouncilPauseRow, london_date(now)
    return count_waiting(
        session,
        row.review_on,
        row.council_id.in_(organisations_with(actor, Permission.PLACEMENTS_PAUSE)),
        row.until.is_(None),
        row.review_on <= add_working_days(today, _SOON_WD),
        late=row.review_on < today,
    )


def plans_to_answer(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the settings that leave and of which the actor's council has not said yet who of its learners is there."""
    unanswered = select(LeavingAnswerRow.plan_id).where(
        LeavingAnswerRow.council_id.in_(organisations_with(actor, Permission.PLACEMENTS_PAUSE)),
        LeavingAnswerRow.answered_at.is_(None),
    )
    row = LeavingPlanRow
    late = row.leaves_on < london_date(now)
    return count_waiting(session, row.leaves_on, row.ended_at.is_(None), row.id.in_(unanswered), late=late)


def suspensions_to_reply_to(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the suspensions and notices to which the actor's provider may still reply."""
    own = select(SettingRow.id).where(SettingRow.provider_id.in_(organisations_with(actor, Permission.SETTINGS_OWN)))
    row = SuspensionRow
    return count_waiting(
        session,
        row.reply_by,
        row.setting_id.in_(own),
        row.ended_at.is_(None),
        row.replied_at.is_(None),
        row.reply_by >= london_date(now),
    )
