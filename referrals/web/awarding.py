"""The decision on a referral: an award, or none with what follows; and the end of the standstill."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from kernel.errors import ConflictError, InvalidInputError
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from referrals.actions.close_referral import close_referral
from referrals.actions.evaluation.award import AwardReferral, ask_award_approval, award_referral, confirm_award
from referrals.model.awards import NextStep
from referrals.queries.scoring import EvaluationPage
from referrals.web.evaluating import shown
from referrals.web.evaluation_forms import AwardForm, CloseForm, SpotForm
from referrals.web.form_page import Answer, FormPage, answer

pages = Blueprint("awarding", __name__)


@pages.route("/commissioning/referrals/<referral_id>/award", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def award(referral_id: str) -> Answer:
    """Award a referral, or ask its framework's panel for the approval that this needs."""
    page = shown(referral_id)
    form = AwardForm() if page.route.asks_provider else SpotForm()
    if isinstance(form, AwardForm):
        form.winner.choices = [SelectChoice(each, page.settings[each]) for each in page.candidates]
    approved = next((card for card in page.approvals.values() if card.is_approved), None)
    if not form.is_submitted() and page.approvals:
        chosen, card = next(iter(page.approvals.items()))
        form.process(data={"winner": chosen, "reasons": card.reasons})
    must_ask = page.panel is not None and approved is None
    if form.validate_on_submit():
        try:
            return _act(_command(referral_id, form), must_ask=must_ask)
        except InvalidInputError as error:
            form.show(error)
        except ConflictError as error:
            form.show_at(form.reasons, str(error))
    if isinstance(form, AwardForm):
        form.seen.data = page.seen
    status = 422 if form.is_submitted() else 200
    return render_template("referrals/evaluation/award.html", page=page, form=form, must_ask=must_ask), status


def _command(referral_id: str, form: AwardForm | SpotForm) -> AwardReferral:
    reasons = form.reasons.data or ""
    if isinstance(form, AwardForm):
        return AwardReferral(referral_id, form.winner.data, reasons, form.seen.data or "")
    return AwardReferral(referral_id, None, reasons)


def _act(command: AwardReferral, *, must_ask: bool) -> Response:
    with ground().work() as work:
        if must_ask:
            ask_award_approval(work, current_actor(), command)
        else:
            award_referral(work, current_actor(), command)
    flash(
        "A colleague is asked to record what the panel says." if must_ask else "Awarded. All who were asked are told."
    )
    return redirect(url_for("referrals.evaluating.one", referral_id=command.referral_id), code=303)


@pages.post("/commissioning/referrals/<referral_id>/award/begin")
@requires(Permission.REFERRALS_ISSUE)
def begin(referral_id: str) -> Response:
    """Begin the placement after the standstill."""
    with ground().work() as work:
        placement_id = confirm_award(work, current_actor(), referral_id)
    flash("The placement has begun. Its agreement is still to be written.")
    return redirect(url_for("referrals.placements.one", placement_id=placement_id), code=303)


@pages.route("/commissioning/referrals/<referral_id>/close", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def close(referral_id: str) -> Answer:
    """End a referral without an award, with the reason and what follows (R29)."""
    page, form = shown(referral_id), CloseForm()
    return answer(
        _close_page(page),
        form,
        lambda work: close_referral(
            work, current_actor(), referral_id, form.reason.data or "", NextStep(form.next_step.data)
        ),
        "The referral is closed. All who were asked are told.",
    )


def _close_page(page: EvaluationPage) -> FormPage:
    back = url_for("referrals.evaluating.one", referral_id=page.id)
    note = "Everybody who was asked is told at once that nobody is awarded. They do not read the reason."
    caption = f"Referral {page.reference}"
    return FormPage("Close without an award", caption, "Close this referral", back, "Evaluation", notes=(note,))
