from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from channels.wording import MessageType
from fps.queries import framework, lots_by_id
from kernel import audit
from kernel.calendar import london_date
from kernel.work import Ground, Work
from referrals.actions.placements.end_placement import end_by_itself
from referrals.actions.placements.find_placement import lock_placement
from referrals.messages.placements import OUTLASTS, REVIEW_DUE, REVIEW_OVERDUE
from referrals.queries.placement_people import hearers_of
from referrals.queries.placements import full_card, review_terms
from referrals.tables.placements import PlacementReviewRow, PlacementRow

_FARTHEST = timedelta(days=60)
"""No framework's terms call to mind a review earlier than this."""
_BATCH = 200


def keep_placements(ground: Ground, today: date) -> None:
    """End what is over, call reviews to mind and tell of agreements that outlast their framework, one by one."""
    for find, act in ((_over, end_by_itself), (_to_remind, remind_of_reviews), (_to_check, tell_if_outlasting)):
        after = ""
        while True:
            with ground.read() as session:
                ids = find(session, today, after)
            for placement_id in ids:
                with ground.work() as work:
                    act(work, placement_id)
            if len(ids) < _BATCH:
                break
            after = ids[-1]


def remind_of_reviews(work: Work, placement_id: str) -> int:
    """Call to mind each planned review of a placement once before its day and once after; return how many were due."""
    row = lock_placement(work, placement_id)
    today, notice = london_date(work.now), review_terms(work.session, row.lot_id).review_notice_d
    planned = select(PlacementReviewRow).where(
        PlacementReviewRow.placement_id == row.id,
        PlacementReviewRow.held_on.is_(None),
        PlacementReviewRow.cancelled_at.is_(None),
        PlacementReviewRow.due_on <= today + timedelta(days=notice),
    )
    due = [(review, _reminder(review, today)) for review in work.session.scalars(planned).all()]
    wanted = [(review, message) for review, message in due if message is not None]
    for review, message in wanted:
        review.reminded_at = work.now
        _send(work, row, message, review.due_on, f"{review.id}:{review.sequence}")
    if wanted:
        details = {"reviews": [review.id for review, _ in wanted]}
        audit.record(
            work, actor=audit.SYSTEM, action="placements.remind", subject=("placement", row.id), details=details
        )
    return len(wanted)


def tell_if_outlasting(work: Work, placement_id: str) -> bool:
    """Tell the council once that an agreement runs past the end of its framework (C4); tells whether it does so now."""
    row = lock_placement(work, placement_id)
    card = full_card(work.session, row)
    if row.told_beyond_at is not None or not card.outlasts_framework or card.framework_ends_on is None:
        return False
    row.told_beyond_at = work.now
    _send(work, row, OUTLASTS, card.framework_ends_on, f"{row.id}:{card.framework_ends_on}", is_council_alone=True)
    details = {"framework_ends_on": card.framework_ends_on.isoformat(), "ends_on": str(card.ends_on)}
    audit.record(work, actor=audit.SYSTEM, action="placements.outlasts", subject=("placement", row.id), details=details)
    return True


def _reminder(review: PlacementReviewRow, today: date) -> MessageType | None:
    """Return what to send of a review now: it comes, or it was to be held and is not recorded; None if that is told."""
    told_on = london_date(review.reminded_at) if review.reminded_at else None
    if today > review.due_on:
        return REVIEW_OVERDUE if told_on is None or told_on <= review.due_on else None
    return REVIEW_DUE if told_on is None else None


def _send(
    work: Work, row: PlacementRow, message: MessageType, day: date, key: str, *, is_council_alone: bool = False
) -> None:
    hearers = hearers_of(work.session, row.id)
    if is_council_alone or message is REVIEW_OVERDUE:
        hearers = [(person_id, link) for person_id, link in hearers if link.startswith("/commissioning")]
    queue_messages(
        work,
        [
            NewMessage(
                type=message,
                values={"reference": row.reference, "day": day.isoformat(), "link": link},
                person_id=person_id,
                dedupe_key=f"{message.key}:{key}:{person_id}",
                about=Subject("placement", row.id),
            )
            for person_id, link in hearers
        ],
    )


def _over(session: Session, today: date, after: str) -> Sequence[str]:
    return _page(session, after, PlacementRow.ends_on < today)


def _to_remind(session: Session, today: date, after: str) -> Sequence[str]:
    planned = select(PlacementReviewRow.placement_id).where(
        PlacementReviewRow.held_on.is_(None),
        PlacementReviewRow.cancelled_at.is_(None),
        PlacementReviewRow.due_on <= today + _FARTHEST,
    )
    return _page(session, after, PlacementRow.id.in_(planned))


def _to_check(session: Session, _today: date, after: str) -> Sequence[str]:
    """Find signed agreements that outlast the framework of their lot."""
    used = session.scalars(select(PlacementRow.lot_id).where(PlacementRow.lot_id.is_not(None)).distinct())
    lots = lots_by_id(session, [lot_id for lot_id in used if lot_id])
    ends = {each: framework(session, each).ends_on for each in {lot.framework_id for lot in lots.values()}}
    outlasting = [
        (PlacementRow.lot_id == lot.id) & (PlacementRow.ends_on > ends[lot.framework_id]) for lot in lots.values()
    ]
    return _page(session, after, PlacementRow.told_beyond_at.is_(None), or_(false(), *outlasting))


def _page(session: Session, after: str, *conditions: ColumnElement[bool]) -> Sequence[str]:
    """Return the next ids of signed placements that have not ended and meet conditions."""
    runs = PlacementRow.ended_on.is_(None) & PlacementRow.signed_on.is_not(None)
    found = select(PlacementRow.id).where(runs, PlacementRow.id > after, *conditions)
    return session.scalars(found.order_by(PlacementRow.id).limit(_BATCH)).all()
