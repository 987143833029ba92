from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from referrals.actions.placements.find_placement import find_running
from referrals.model.placement_reviews import ReviewKind, ReviewOutcome
from referrals.model.placements import PlacementKind
from referrals.queries.placements import review_card, review_terms
from referrals.rules.placements import MOST_HOURS, check_words, following_review
from referrals.tables.placements import PlacementReviewRow, PlacementRow


@dataclass(frozen=True)
class HoldReview:
    """Record what came of a review.

    `hours_in_school` a week and `return_on`, the day of the return to school, are for alternative provision alone.
    """

    placement_id: str
    review_id: str
    held_on: date
    outcome: ReviewOutcome
    words: str
    hours_in_school: int | None
    return_on: date | None
    is_confirmed: bool


def plan_review(work: Work, actor: Actor, placement_id: str, kind: ReviewKind, due_on: date) -> str:
    """Plan a review of a running placement for a day; return its id.

    Raises NotFoundError for another council's, ConflictError where the agreement is not signed or the placement has
    ended or has such a review on that day, InvalidInputError for a day in the past or after the last.
    """
    row = _running(work, actor, placement_id)
    _check_day(work, row, kind, due_on)
    review = PlacementReviewRow(
        id=new_id(), placement_id=row.id, kind=kind, due_on=due_on, changed_at=work.now, sequence=0
    )
    work.session.add(review)
    work.session.flush()
    _tell(work, actor, "placements.plan_review", review)
    return review.id


def move_review(work: Work, actor: Actor, placement_id: str, review_id: str, due_on: date) -> None:
    """Move a planned review to another day; its reminder comes again. Raises as plan_review does."""
    row = _running(work, actor, placement_id)
    review = _open_review(work, row, review_id)
    if review.due_on == due_on:
        return
    _check_day(work, row, ReviewKind(review.kind), due_on)
    review.due_on, review.changed_at, review.reminded_at = due_on, work.now, None
    review.sequence += 1
    _tell(work, actor, "placements.move_review", review)


def call_off_review(work: Work, actor: Actor, placement_id: str, review_id: str) -> None:
    """Call a planned review off. Raises NotFoundError and ConflictError."""
    review = _open_review(work, _running(work, actor, placement_id), review_id)
    review.cancelled_at, review.changed_at = work.now, work.now
    review.sequence += 1
    _tell(work, actor, "placements.call_off_review", review)


def hold_review(work: Work, actor: Actor, command: HoldReview) -> None:
    """Record what came of a review, and plan the one that follows.

    Raises NotFoundError for another council's, ConflictError where it is recorded or called off already,
    InvalidInputError.
    """
    row = _running(work, actor, command.placement_id)
    review = _open_review(work, row, command.review_id)
    _check(work, row, command)
    review.held_on, review.held_by, review.changed_at = command.held_on, actor.id, work.now
    review.outcome, review.words = command.outcome, command.words.strip()
    review.hours_in_school, review.return_on = command.hours_in_school, command.return_on
    review.sequence += 1
    _plan_next(work, row, review)
    work.session.flush()
    _tell(work, actor, "placements.hold_review", review)


def _running(work: Work, actor: Actor, placement_id: str) -> PlacementRow:
    row = find_running(work, actor, placement_id)
    if row.signed_on is None:
        raise ConflictError("Record the signatures first. Reviews are planned for a signed agreement.")
    return row


def _open_review(work: Work, row: PlacementRow, review_id: str) -> PlacementReviewRow:
    review = work.session.get(PlacementReviewRow, review_id, populate_existing=True)
    if review is None or review.placement_id != row.id:
        raise NotFoundError
    if review.held_on is not None or review.cancelled_at is not None:
        raise ConflictError("This review is recorded or called off already.")
    return review


def _check_day(work: Work, row: PlacementRow, kind: ReviewKind, due_on: date) -> None:
    if due_on < london_date(work.now):
        raise InvalidInputError("due_on", "Choose a day from today on.")
    if row.ends_on is not None and due_on > row.ends_on:
        raise InvalidInputError("due_on", "Choose a day before the last day of the placement.")
    planned = select(PlacementReviewRow.id).where(
        PlacementReviewRow.placement_id == row.id,
        PlacementReviewRow.kind == kind,
        PlacementReviewRow.due_on == due_on,
        PlacementReviewRow.held_on.is_(None),
        PlacementReviewRow.cancelled_at.is_(None),
    )
    if work.session.scalar(planned) is not None:
        raise ConflictError("Such a review is planned for that day already.")


def _check(work: Work, row: PlacementRow, command: HoldReview) -> None:
    if command.held_on > london_date(work.now):
        raise InvalidInputError("held_on", "The day of the review must not be in the future.")
    if row.starts_on and command.held_on < row.starts_on:
        raise InvalidInputError("held_on", "The review must not be before the first day of the placement.")
    if not command.words.strip():
        raise InvalidInputError("words", "Say what came of each outcome of the agreement.")
    check_words("words", command.words, is_confirmed=command.is_confirmed)
    if command.hours_in_school is not None and not 0 <= command.hours_in_school <= MOST_HOURS:
        raise InvalidInputError("hours_in_school", "Enter whole hours a week, from 0 to {most}.", most=MOST_HOURS)
    if row.kind == PlacementKind.ALTERNATIVE:
        _check_way_back(command)
    elif command.outcome.is_way_back:
        raise InvalidInputError("outcome", "Choose how the placement is going.")


def _check_way_back(command: HoldReview) -> None:
    """Alternative provision leads back to school: each review says how far the learner has come."""
    if command.hours_in_school is None:
        raise InvalidInputError("hours_in_school", "Enter how many hours a week the learner is in school now, or 0.")
    if command.outcome.is_way_back and command.return_on is None:
        raise InvalidInputError("return_on", "Enter the day on which the learner is to be back in school.")
    if command.return_on is not None and command.return_on < command.held_on:
        raise InvalidInputError("return_on", "The day of the return must not be before the review.")


def _plan_next(work: Work, row: PlacementRow, review: PlacementReviewRow) -> None:
    if row.ends_on is None:
        return
    terms, today = review_terms(work.session, row.lot_id), london_date(work.now)
    day = following_review(review_card(review), row.ends_on, terms, today)
    if day is not None:
        work.session.add(
            PlacementReviewRow(
                id=new_id(), placement_id=row.id, kind=review.kind, due_on=day, changed_at=work.now, sequence=0
            )
        )


def _tell(work: Work, actor: Actor, action: str, review: PlacementReviewRow) -> None:
    details = {"review": review.id, "kind": review.kind, "due_on": review.due_on.isoformat()}
    audit.record(work, actor=actor.id, action=action, subject=("placement", review.placement_id), details=details)
