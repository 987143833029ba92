from __future__ import annotations

from datetime import date

from sqlalchemy import update

from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError
from kernel.events import publish
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from referrals.actions.placements.find_placement import check_edition, find_running, find_unsigned
from referrals.events import PlacementSigned
from referrals.model.placements import PlacementCard
from referrals.queries.placements import full_card, review_terms
from referrals.rules.placements import missing_for_signing, reviews_to_plan
from referrals.tables.placements import PlacementReviewRow


def sign_agreement(work: Work, actor: Actor, placement_id: str, edition: int, signed_on: date) -> None:
    """Record the day on which the last party signed, and plan the reviews (R28).

    Raises NotFoundError for another council's, ConflictError where something is missing, it is signed or has changed
    since, InvalidInputError for a day that has not come.
    """
    row = find_unsigned(work, actor, placement_id, edition)
    if signed_on > london_date(work.now):
        raise InvalidInputError("signed_on", "The day of the signatures must not be in the future.")
    card = full_card(work.session, row)
    lacks = missing_for_signing(card)
    if lacks:
        raise ConflictError("The agreement is not complete. It still needs: {missing}.", missing=", ".join(lacks))
    row.signed_on, row.signed_by = signed_on, actor.id
    row.edition += 1
    _plan(work, card)
    work.session.flush()
    audit.record(
        work,
        actor=actor.id,
        action="placements.sign",
        subject=("placement", row.id),
        details={"signed_on": signed_on.isoformat(), "outlasts_framework": card.outlasts_framework},
    )
    publish(work, PlacementSigned(row.id, row.council_id, str(row.starts_on), str(row.ends_on)))


def reopen_agreement(work: Work, actor: Actor, placement_id: str, edition: int) -> None:
    """Open a signed agreement for a change that all sign again; planned reviews are called off.

    Raises NotFoundError for another council's, ConflictError where it is not signed, has ended or has changed since.
    """
    row = find_running(work, actor, placement_id)
    check_edition(row, edition)
    if row.signed_on is None:
        raise ConflictError("This agreement is not signed, so you can change it.")
    audit.record(
        work,
        actor=actor.id,
        action="placements.reopen",
        subject=("placement", row.id),
        details={"signed_on": row.signed_on.isoformat()},
    )
    row.signed_on, row.signed_by = None, None
    row.edition += 1
    call_off_reviews(work, row.id)


def call_off_reviews(work: Work, placement_id: str, after: date | None = None) -> None:
    """Call off the reviews that are planned, or those after a day; calendars hear of it by their next number."""
    review = PlacementReviewRow
    planned = update(review).where(
        review.placement_id == placement_id, review.held_on.is_(None), review.cancelled_at.is_(None)
    )
    if after is not None:
        planned = planned.where(review.due_on > after)
    work.session.execute(planned.values(cancelled_at=work.now, changed_at=work.now, sequence=review.sequence + 1))


def _plan(work: Work, card: PlacementCard) -> None:
    planned = reviews_to_plan(card, review_terms(work.session, card.lot_id), london_date(work.now))
    work.session.add_all(
        PlacementReviewRow(id=new_id(), placement_id=card.id, kind=kind, due_on=day, changed_at=work.now, sequence=0)
        for kind, day in planned.items()
    )
