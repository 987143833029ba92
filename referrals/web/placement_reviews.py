"""Reviews of placements: planned, moved, held, called off."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kernel.errors import InvalidInputError, NotFoundError
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from referrals.actions.placements.review_placement import (
    HoldReview,
    call_off_review,
    hold_review,
    move_review,
    plan_review,
)
from referrals.model.placement_reviews import Review, ReviewKind, ReviewOutcome
from referrals.model.placements import PlacementCard, PlacementKind
from referrals.queries.placements import placement
from referrals.web.placement_forms import HoldForm, NewReviewForm, ReviewDayForm

pages = Blueprint("placement_reviews", __name__)

Page = str | Response | tuple[str, int]


@pages.route("/commissioning/placements/<placement_id>/reviews/new", methods=["GET", "POST"])
@requires(Permission.PLACEMENTS_MANAGE)
def new(placement_id: str) -> Page:
    """Plan a review."""
    form, card = NewReviewForm(), _card(placement_id)
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                plan_review(work, current_actor(), placement_id, ReviewKind(str(form.kind.data)), form.due_on.data)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The review is planned.")
            return _back(placement_id)
    page = render_template("referrals/placements/review_day.html", form=form, card=card, review=None)
    return page, 422 if form.is_submitted() else 200


@pages.route("/commissioning/placements/<placement_id>/reviews/<review_id>/move", methods=["GET", "POST"])
@requires(Permission.PLACEMENTS_MANAGE)
def move(placement_id: str, review_id: str) -> Page:
    """Move a planned review to another day."""
    form, card = ReviewDayForm(), _card(placement_id)
    review = _review(card, review_id)
    if not form.is_submitted():
        form.due_on.data = review.due_on
    elif form.validate():
        try:
            with ground().work() as work:
                move_review(work, current_actor(), placement_id, review_id, form.due_on.data)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The review is moved.")
            return _back(placement_id)
    page = render_template("referrals/placements/review_day.html", form=form, card=card, review=review)
    return page, 422 if form.is_submitted() else 200


@pages.post("/commissioning/placements/<placement_id>/reviews/<review_id>/call-off")
@requires(Permission.PLACEMENTS_MANAGE)
def call_off(placement_id: str, review_id: str) -> Response:
    """Call a planned review off."""
    with ground().work() as work:
        call_off_review(work, current_actor(), placement_id, review_id)
    flash("The review is called off.")
    return _back(placement_id)


@pages.route("/commissioning/placements/<placement_id>/reviews/<review_id>", methods=["GET", "POST"])
@requires(Permission.PLACEMENTS_MANAGE)
def hold(placement_id: str, review_id: str) -> Page:
    """Record what came of a review."""
    form, card = HoldForm(), _card(placement_id)
    review = _review(card, review_id)
    if card.kind is not PlacementKind.ALTERNATIVE:
        form.stay_in_school()
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                hold_review(work, current_actor(), _held(form, placement_id, review_id))
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The review is recorded.")
            return _back(placement_id)
    page = render_template("referrals/placements/review.html", form=form, card=card, review=review)
    return page, 422 if form.is_submitted() else 200


def _held(form: HoldForm, placement_id: str, review_id: str) -> HoldReview:
    return HoldReview(
        placement_id,
        review_id,
        form.held_on.data,
        ReviewOutcome(str(form.outcome.data)),
        str(form.words.data or ""),
        form.hours_in_school.data if "hours_in_school" in form else None,
        form.return_on.data if "return_on" in form else None,
        bool(form.is_confirmed.data),
    )


def _card(placement_id: str) -> PlacementCard:
    with ground().read() as session:
        return placement(session, current_actor(), placement_id)


def _review(card: PlacementCard, review_id: str) -> Review:
    for review in card.reviews:
        if review.id == review_id:
            return review
    raise NotFoundError


def _back(placement_id: str) -> Response:
    return redirect(url_for("referrals.placements.one", placement_id=placement_id), code=303)
