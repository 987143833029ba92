"""Evaluation and decision of one application."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Reply

from fps.actions.applications.decide_application import DecideApplication, decide_application, write_moderation
from fps.actions.applications.evaluate import SaveMarks, declare_interest, save_marks
from fps.actions.applications.record_contract import RecordContract, record_contract
from fps.actions.evidence.receive_file import receive_clean_file
from fps.model.applications import ApplicationCard, Submitted
from fps.queries import lots_by_id
from fps.queries.applications import contract_file, decisions_of, last_submission
from fps.queries.evaluations import evaluated_application, evaluations_of, led_application, moderation_of, own_marks
from fps.rules.applications import failed_checks, wanted_marks
from fps.web.application_forms import (
    ContractForm,
    InterestForm,
    ModerationForm,
    decision_form,
    decisions_in,
    marks_form,
    marks_of,
)
from fps.web.application_words import send_file
from fps.web.evidence_files import LARGEST_BODY
from kernel.errors import InvalidInputError, NotFoundError
from kernel.web import ground
from people.permissions import Permission
from people.queries import organisation
from people.web.forms import PageForm
from people.web.guard import current_actor, requires, takes_body

pages = Blueprint("evaluating", __name__)
_DONE = "finish"


@pages.route("/register/applications/<application_id>/interest", methods=["GET", "POST"])
@requires(Permission.APPLICATIONS_EVALUATE)
def interest(application_id: str) -> str | Reply | tuple[str, int]:
    """Declare whether one has a conflict of interest, before one reads the application (R25)."""
    form = InterestForm()
    with ground().read() as session:
        card = evaluated_application(session, current_actor(), application_id)
        provider = organisation(session, card.provider_id).name
    if form.validate_on_submit():
        has_conflict = form.conflict.data == "yes"
        with ground().work() as work:
            declare_interest(work, current_actor(), card.id, has_conflict=has_conflict)
        if has_conflict:
            flash("Thank you. You read no more of this application. The lead authority names somebody else.")
            return redirect(url_for("fps.applications.of_round", round_id=card.round_id), code=303)
        return redirect(url_for("fps.applications.one", application_id=card.id), code=303)
    return _form_page(card, form, f"Application of {provider}", "", "Go on")


@pages.route("/register/applications/<application_id>/evaluate", methods=["GET", "POST"])
@requires(Permission.APPLICATIONS_EVALUATE)
def evaluate(application_id: str) -> str | Reply | tuple[str, int]:
    """Give marks with reasons; save them as far as they are, or hand them in."""
    actor = current_actor()
    with ground().read() as session:
        card = evaluated_application(session, actor, application_id)
        own = next((each for each in evaluations_of(session, card.id, actor.id) if each.person_id == actor.id), None)
        if own is None:
            raise NotFoundError
        if own.has_conflict is not False:
            return redirect(url_for(".interest", application_id=card.id), code=303)
        sent = _sent(last_submission(session, card.id))
        provider = organisation(session, card.provider_id).name
        wanted = wanted_marks(one["entry"] for one in sent.content["settings"])
        form = marks_form(wanted, own_marks(session, card.id, actor.id))
    if own.finished_at is not None:
        return redirect(url_for("fps.applications.one", application_id=card.id), code=303)
    if form.validate_on_submit():
        is_finished = _DONE in request.form
        try:
            with ground().work() as work:
                save_marks(work, actor, SaveMarks(card.id, marks_of(form, wanted), is_finished))
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("Your evaluation is handed in." if is_finished else "Saved. Hand it in when it is complete.")
            return redirect(url_for("fps.applications.one", application_id=card.id), code=303)
    names = {one["entry"]: one["name"] for one in sent.content["settings"]}
    page = render_template(
        "fps/applications/evaluate.html", card=card, form=form, wanted=wanted, names=names, provider=provider
    )
    return page, 422 if form.is_submitted() else 200


@pages.route("/register/applications/<application_id>/moderation", methods=["GET", "POST"])
@requires(Permission.ROUNDS_RUN)
def moderation(application_id: str) -> str | Reply | tuple[str, int]:
    """Record what the evaluators settled between them."""
    card = _led(application_id)
    with ground().read() as session:
        kept = moderation_of(session, card.id)
    form = ModerationForm(words=kept[0] if kept else "")
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                write_moderation(work, current_actor(), card.id, str(form.words.data))
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("Saved. You can decide now.")
            return redirect(url_for("fps.applications.one", application_id=card.id), code=303)
    return _form_page(card, form, "Record of the moderation", "The provider does not read this.", "Save")


@pages.route("/register/applications/<application_id>/decision", methods=["GET", "POST"])
@requires(Permission.ROUNDS_RUN)
def decision(application_id: str) -> str | Reply | tuple[str, int]:
    """Admit or refuse each setting on each of its lots."""
    card = _led(application_id)
    with ground().read() as session:
        sent = _sent(last_submission(session, card.id))
        kept = decisions_of(session, card.id)
        lots = lots_by_id(session, {lot_id for one in sent.content["settings"] for lot_id in one["lots"]})
        evaluations = evaluations_of(session, card.id, current_actor().id)
    asked = [
        (one["entry"], lot_id, f"{one['name']}, {lots[lot_id].title}", failed_checks(evaluations, one["entry"]))
        for one in sent.content["settings"]
        for lot_id in one["lots"]
    ]
    form = decision_form(asked, kept)
    if form.validate_on_submit():
        command = DecideApplication(card.id, decisions_in(form, asked))
        try:
            with ground().work() as work:
                decide_application(work, current_actor(), command)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("Decided. The provider reads it when the letters of the whole round go out.")
            return redirect(url_for("fps.applications.one", application_id=card.id), code=303)
    lead = (
        "Each decision has reasons. The provider reads them in its letter. It can be changed until the letters go out."
    )
    return _form_page(card, form, "Decide", lead, "Save the decision")


@pages.route("/register/applications/<application_id>/contract", methods=["GET", "POST"])
@requires(Permission.ROUNDS_RUN)
@takes_body(LARGEST_BODY)
def contract(application_id: str) -> str | Reply | tuple[str, int]:
    """Record that the contract is signed."""
    card = _led(application_id)
    form = ContractForm()
    if form.validate_on_submit():
        try:
            _record(form, card)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The contract is recorded. The settings are admitted, and become active on its first day.")
            return redirect(url_for("fps.applications.one", application_id=card.id), code=303)
    return _form_page(card, form, "Record the signed contract", "", "Record it", has_file=True)


@pages.get("/register/applications/<application_id>/contract/file")
@requires(Permission.ROUNDS_RUN)
def signed(application_id: str) -> Response:
    """Give the lead authority the signed contract back."""
    card = _led(application_id)
    with ground().read() as session:
        return send_file(*contract_file(session, card.id))


def _record(form: ContractForm, card: ApplicationCard) -> None:
    held, actor, sent = ground(), current_actor(), form.file.data
    file = receive_clean_file(held, actor, sent.filename or "", sent.stream.read(held.most_upload_bytes + 1))
    command = RecordContract(
        card.id,
        str(form.reference.data),
        form.signed_on.data,
        form.effective_on.data,
        str(form.provider_signatory.data),
        str(form.authority_signatory.data),
        file,
    )
    with held.work() as work:
        record_contract(work, actor, command)


def _led(application_id: str) -> ApplicationCard:
    with ground().read() as session:
        return led_application(session, current_actor(), application_id)


def _sent(found: Submitted | None) -> Submitted:
    if found is None:
        raise NotFoundError
    return found


def _form_page(
    card: ApplicationCard, form: PageForm, heading: str, lead: str, button: str, *, has_file: bool = False
) -> tuple[str, int]:
    with ground().read() as session:
        provider = organisation(session, card.provider_id).name
    page = render_template(
        "fps/applications/staff_form.html",
        form=form,
        heading=heading,
        caption=provider,
        lead=lead,
        back=url_for("fps.applications.one", application_id=card.id),
        button=button,
        has_file=has_file,
    )
    return page, 422 if form.is_submitted() else 200
