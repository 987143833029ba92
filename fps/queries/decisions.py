from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fps.model.standing import (
    LeavingAnswer,
    LeavingLearner,
    LeavingPlan,
    NextStep,
    Outcome,
    Pause,
    Review,
    Suspension,
)
from fps.queries.frameworks import holds_on
from fps.tables import (
    CouncilPauseRow,
    FrameworkRow,
    LeavingAnswerRow,
    LeavingLearnerRow,
    LeavingPlanRow,
    LotRow,
    MembershipRow,
    PauseReviewRow,
    SettingOnLotRow,
    SuspendedLotRow,
    SuspensionReviewRow,
    SuspensionRow,
)


def pauses_by(session: Session, setting_id: str, council_ids: Iterable[str]) -> list[Pause]:
    """Return every pause of a setting by one of these councils, with its reason and reviews, the newest first."""
    own = CouncilPauseRow.council_id.in_(list(council_ids))
    found = _pauses(session, CouncilPauseRow.setting_id == setting_id, own)
    row = PauseReviewRow
    reviews: dict[str, list[Review]] = defaultdict(list)
    wanted = select(row).where(row.pause_id.in_([one.id for one in found])).order_by(row.number)
    for each in session.scalars(wanted):
        reviews[each.pause_id].append(Review(each.reviewed_at, each.reviewed_by, each.reasons, each.next_on))
    return [replace(one, reviews=tuple(reviews[one.id])) for one in found]


def pauses_told(session: Session, setting_id: str) -> list[Pause]:
    """Return every pause of a setting of which its provider was told, with its reason, the newest first."""
    return _pauses(session, CouncilPauseRow.setting_id == setting_id, CouncilPauseRow.tells_provider.is_(True))


def paused_by_how_many(session: Session, setting_id: str, on: date) -> int:
    """Count the councils that place nobody at a setting on a day: the lead authority sees how many, not why."""
    row = CouncilPauseRow
    held = (row.since <= on) & (row.until.is_(None) | (row.until > on))
    found = select(func.count(row.council_id.distinct())).where(row.setting_id == setting_id, held)
    return session.scalar(found) or 0


def suspensions_of(session: Session, setting_id: str) -> list[Suspension]:
    """Return every suspension of a setting, also those that were only announced, the newest first."""
    found = select(SuspensionRow).where(SuspensionRow.setting_id == setting_id)
    rows = session.scalars(found.order_by(SuspensionRow.recorded_at.desc(), SuspensionRow.id.desc())).all()
    ids = [row.id for row in rows]
    lots: dict[str, list[str]] = defaultdict(list)
    on_lots = select(SuspendedLotRow.suspension_id, SuspendedLotRow.lot_id)
    for suspension_id, lot_id in session.execute(on_lots.where(SuspendedLotRow.suspension_id.in_(ids))):
        lots[suspension_id].append(lot_id)
    reviews = _reviews(session, ids)
    return [_suspension(row, lots[row.id], reviews[row.id]) for row in rows]


def lots_shared_with(session: Session, setting_id: str, council_ids: Iterable[str], on: date) -> set[str]:
    """Return the lots of a setting, left ones too, of frameworks that these councils lead or belong to on a day."""
    ids = list(council_ids)
    belongs = select(MembershipRow.framework_id).where(
        MembershipRow.council_id.in_(ids), holds_on(MembershipRow.since, MembershipRow.until, on)
    )
    rows = (
        select(SettingOnLotRow.lot_id)
        .join(LotRow, LotRow.id == SettingOnLotRow.lot_id)
        .join(FrameworkRow, FrameworkRow.id == LotRow.framework_id)
        .where(SettingOnLotRow.setting_id == setting_id)
        .where(FrameworkRow.lead_id.in_(ids) | FrameworkRow.id.in_(belongs))
    )
    return set(session.scalars(rows))


def plans_of(session: Session, setting_id: str) -> list[LeavingPlan]:
    """Return every plan by which a setting leaves or has left, the newest first."""
    found = select(LeavingPlanRow).where(LeavingPlanRow.setting_id == setting_id)
    rows = session.scalars(found.order_by(LeavingPlanRow.recorded_at.desc(), LeavingPlanRow.id.desc()))
    return [
        LeavingPlan(
            row.id,
            row.council_id,
            row.setting_id,
            row.decided_by,
            row.recorded_at,
            row.reasons,
            row.leaves_on,
            row.reply_by,
            row.reply,
            row.replied_at,
            row.ended_at,
        )
        for row in rows
    ]


def leaving_answers(session: Session, plan_id: str, council_ids: Iterable[str] | None = None) -> list[LeavingAnswer]:
    """Return what councils have told for a plan, counts alone; all of them, or those of `council_ids`."""
    found = select(LeavingAnswerRow).where(LeavingAnswerRow.plan_id == plan_id)
    if council_ids is not None:
        found = found.where(LeavingAnswerRow.council_id.in_(list(council_ids)))
    rows = session.scalars(found.order_by(LeavingAnswerRow.council_id))
    return [LeavingAnswer(row.council_id, row.learners, row.done, row.answered_at) for row in rows]


def leaving_learners(session: Session, plan_id: str, council_id: str) -> list[LeavingLearner]:
    """Return the learners of one council on a plan, those first for whom the next step is due first."""
    row = LeavingLearnerRow
    found = select(row).where(row.plan_id == plan_id, row.council_id == council_id).order_by(row.due_on, row.id)
    return [
        LeavingLearner(each.id, each.reference, NextStep(each.next_step), each.due_on, each.done_on)
        for each in session.scalars(found)
    ]


def _pauses(session: Session, *wanted: ColumnElement[bool]) -> list[Pause]:
    row = CouncilPauseRow
    return [
        Pause(
            each.id,
            each.council_id,
            each.setting_id,
            each.lot_id,
            each.since,
            each.until,
            each.review_on,
            each.reason,
            each.actor_id,
            each.recorded_at,
            each.tells_provider,
            each.reply_by,
            each.reply,
            each.replied_at,
        )
        for each in session.scalars(select(row).where(*wanted).order_by(row.recorded_at.desc(), row.id.desc()))
    ]


def _reviews(session: Session, suspension_ids: list[str]) -> dict[str, list[Review]]:
    row = SuspensionReviewRow
    found: dict[str, list[Review]] = defaultdict(list)
    for each in session.scalars(select(row).where(row.suspension_id.in_(suspension_ids)).order_by(row.number)):
        found[each.suspension_id].append(Review(each.reviewed_at, each.reviewed_by, each.reasons, each.next_on))
    return found


def _suspension(row: SuspensionRow, lot_ids: list[str], reviews: list[Review]) -> Suspension:
    return Suspension(
        row.id,
        row.council_id,
        row.setting_id,
        tuple(sorted(lot_ids)),
        row.decided_by,
        row.recorded_at,
        row.reasons,
        row.is_urgent,
        row.reply_by,
        row.reply,
        row.replied_at,
        row.effective_on,
        row.review_on,
        row.ended_at,
        row.end_reasons,
        Outcome(row.outcome) if row.outcome else None,
        tuple(reviews),
    )
