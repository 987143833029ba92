"""The evaluation of a referral: who scores, scores, what was agreed, the family's view, what law puts first."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kernel.errors import InvalidInputError, NotFoundError
from kernel.web import ground
from people.model import Role
from people.permissions import Permission
from people.queries import persons_with_role
from people.web.forms import PageForm
from people.web.guard import current_actor, requires
from referrals.actions.evaluation.name_evaluators import name_evaluators, release_evaluator
from referrals.actions.evaluation.record_views import (
    RecordPreference,
    RecordView,
    record_family_view,
    record_preference,
    withdraw_preference,
)
from referrals.actions.evaluation.score import SaveScores, declare_interest, hand_in_scores, save_scores
from referrals.actions.evaluation.settle import SettleScores, settle_scores, write_moderation
from referrals.actions.note_opening import note_opening
from referrals.model.evaluation import Offer, PreferenceKind, ViewWay
from referrals.queries.councils import own_referral
from referrals.queries.evaluations import own_scores, settled_scores
from referrals.queries.scoring import EvaluationPage, colleagues_scores, evaluation
from referrals.web.evaluation_forms import (
    EvaluatorsForm,
    InterestForm,
    ModerationForm,
    PreferenceForm,
    ViewForm,
    WithdrawForm,
    choices,
    scores_form,
    scores_in,
    to_agree,
)
from referrals.web.form_page import Answer, FormPage, answer

pages = Blueprint("evaluating", __name__)
_BACK = "Evaluation"


@pages.get("/commissioning/referrals/<referral_id>/evaluation")
@requires(Permission.REFERRALS_READ)
def one(referral_id: str) -> str:
    """Show how far the evaluation is, what law puts first above all, and the ranking once all is agreed (R26)."""
    return render_template("referrals/evaluation/one.html", page=shown(referral_id))


@pages.route("/commissioning/referrals/<referral_id>/evaluation/evaluators", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def evaluators(referral_id: str) -> Answer:
    """Name who scores."""
    page, form = shown(referral_id), EvaluatorsForm()
    named = {each.person_id for each in page.evaluators if each.released_at is None}
    with ground().read() as session:
        council_id = own_referral(session, current_actor(), referral_id)[0].council_id
        known = persons_with_role(session, Role.COMMISSIONER, council_id)
    form.people.choices = [(each.id, each.name) for each in known if each.id not in named]
    note = f"At least {page.least} people score. Nobody can be added once all scores are in."
    return answer(
        _form_page(page, "Name evaluators", "Name them", note),
        form,
        lambda work: name_evaluators(work, current_actor(), referral_id, form.people.data or []),
        "Named. Each of them declares first whether they have a conflict of interest.",
    )


@pages.post("/commissioning/referrals/<referral_id>/evaluation/evaluators/<person_id>/release")
@requires(Permission.REFERRALS_ISSUE)
def release(referral_id: str, person_id: str) -> Response:
    """Release somebody who has not handed in."""
    with ground().work() as work:
        release_evaluator(work, current_actor(), referral_id, person_id)
    flash("Released. The others need not wait any more.")
    return redirect(url_for(".one", referral_id=referral_id), code=303)


@pages.route("/commissioning/referrals/<referral_id>/evaluation/interest", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def interest(referral_id: str) -> Answer:
    """Declare whether one has a conflict of interest (R25)."""
    page, form = shown(referral_id), InterestForm()
    if page.mine is None:
        raise NotFoundError
    note = "With a conflict of interest you read none of the answers and decide nothing. You cannot take it back."
    return answer(
        _form_page(page, "Declare your interest", "Declare", note),
        form,
        lambda work: declare_interest(work, current_actor(), referral_id, conflict=form.conflict.data == "yes"),
        "Your declaration is recorded.",
    )


@pages.route("/commissioning/referrals/<referral_id>/evaluation/scores/<recipient_id>", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def score(referral_id: str, recipient_id: str) -> Answer:
    """Score one offer, criterion by criterion."""
    page, actor = shown(referral_id), current_actor()
    offer, used = _offer(page, recipient_id), page.weights.used
    if page.mine is None:
        raise NotFoundError
    with ground().read() as session:
        known = [each for each in own_scores(session, referral_id, actor.id) if each.recipient_id == recipient_id]
    form = scores_form(used, known, "At least 30 characters. Nobody else reads it before all scores are in.")
    wanted = SaveScores(referral_id, recipient_id, scores_in(form, used, recipient_id))
    said = "Your scores are saved. Hand them in once you have scored every offer."
    return _scores_page(page, offer, form, lambda work: save_scores(work, actor, wanted), ("Score", said))


@pages.post("/commissioning/referrals/<referral_id>/evaluation/hand-in")
@requires(Permission.REFERRALS_ISSUE)
def hand_in(referral_id: str) -> Response | tuple[str, int]:
    """Hand in one's scores."""
    try:
        with ground().work() as work:
            hand_in_scores(work, current_actor(), referral_id)
    except InvalidInputError as error:
        return render_template(
            "referrals/evaluation/one.html", page=shown(referral_id), refused=str(error)
        ), error.status
    flash("Your scores are handed in.")
    return redirect(url_for(".one", referral_id=referral_id), code=303)


@pages.route("/commissioning/referrals/<referral_id>/evaluation/agreed/<recipient_id>", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def agree(referral_id: str, recipient_id: str) -> Answer:
    """Record what the evaluators agree on for one offer."""
    page, actor = shown(referral_id), current_actor()
    offer, used = _offer(page, recipient_id), page.weights.used
    with ground().read() as session:
        given = colleagues_scores(session, actor, referral_id)
        known = [each for each in settled_scores(session, referral_id) if each.recipient_id == recipient_id]
    form = scores_form(used, known or to_agree(given.values(), recipient_id, used), "The provider reads this.")
    wanted = SettleScores(referral_id, recipient_id, scores_in(form, used, recipient_id))
    return _scores_page(
        page,
        offer,
        form,
        lambda work: settle_scores(work, actor, wanted),
        ("Agree on", "The agreed scores are saved."),
        given,
    )


@pages.route("/commissioning/referrals/<referral_id>/evaluation/moderation", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def moderation(referral_id: str) -> Answer:
    """Record how the evaluators came to agree."""
    page = shown(referral_id)
    form = ModerationForm(words=page.moderation or "")
    return answer(
        _form_page(page, "Record of the moderation", "Save", "Providers do not read this."),
        form,
        lambda work: write_moderation(work, current_actor(), referral_id, form.words.data or ""),
        "The moderation is recorded.",
    )


@pages.route("/commissioning/referrals/<referral_id>/evaluation/family", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def family(referral_id: str) -> Answer:
    """Record the family's and the learner's view."""
    page, form = shown(referral_id), ViewForm()
    offered = {judged.offer.recipient_id: judged.offer.setting_name for judged in page.offers}
    form.preferred.choices = choices(offered, "No wish, or not known")
    return answer(
        _form_page(page, "Family's and learner's view", "Record the view", "A new record takes the place of the last."),
        form,
        lambda work: record_family_view(
            work,
            current_actor(),
            RecordView(
                referral_id,
                ViewWay(form.way.data),
                form.heard_on.data,
                form.words.data or "",
                form.preferred.data or None,
            ),
        ),
        "The view is recorded.",
    )


@pages.route("/commissioning/referrals/<referral_id>/evaluation/duty", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def duty(referral_id: str) -> Answer:
    """Record that law puts a setting first (R26)."""
    page, form = shown(referral_id), PreferenceForm()
    form.setting.choices = choices(page.settings, "Another, by its name")
    note = "While it stands, only this setting can be awarded, whatever the scores say."
    return answer(
        _form_page(page, "What law puts first", "Record it", note),
        form,
        lambda work: record_preference(
            work,
            current_actor(),
            RecordPreference(
                referral_id,
                PreferenceKind(form.kind.data),
                form.setting.data or None,
                form.school.data or "",
                form.words.data or "",
            ),
        ),
        "It is recorded, and stands first.",
    )


@pages.route("/commissioning/referrals/<referral_id>/evaluation/duty/withdraw", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def withdraw(referral_id: str) -> Answer:
    """Record why a duty or an order stands no more."""
    page, form = shown(referral_id), WithdrawForm()
    return answer(
        _form_page(page, "The duty or order stands no more", "Withdraw it"),
        form,
        lambda work: withdraw_preference(work, current_actor(), referral_id, form.words.data or ""),
        "Withdrawn. The ranking decides again.",
    )


def shown(referral_id: str) -> EvaluationPage:
    """Return the evaluation as the person sees it now; where nobody competes the log keeps who read an offer (R34)."""
    with ground().read() as session:
        page = evaluation(session, current_actor(), referral_id, ground().keys, ground().clock.now())
    if page.offers and not page.route.is_competitive:
        with ground().work() as work:
            note_opening(work, current_actor(), referral_id)
    return page


def _offer(page: EvaluationPage, recipient_id: str) -> Offer:
    for judged in page.offers:
        if judged.offer.recipient_id == recipient_id:
            return judged.offer
    raise NotFoundError


def _form_page(page: EvaluationPage, title: str, button: str, *notes: str) -> FormPage:
    back = url_for("referrals.evaluating.one", referral_id=page.id)
    return FormPage(title, f"Referral {page.reference}", button, back, _BACK, notes=notes)


def _scores_page(
    page: EvaluationPage,
    offer: Offer,
    form: PageForm,
    act: Callable[..., object],
    words: tuple[str, str],
    given: object = None,
) -> Answer:
    verb, said = words
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                act(work)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash(said)
            return redirect(url_for(".one", referral_id=page.id), code=303)
    names = {each.person_id: each.name for each in page.evaluators}
    return render_template(
        "referrals/evaluation/scores.html", page=page, offer=offer, form=form, verb=verb, given=given, names=names
    ), 422 if form.is_submitted() else 200
