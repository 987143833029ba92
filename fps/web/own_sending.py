"""What a provider does with its application as a whole: sends it, withdraws it, answers questions, reads the letter."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Reply

from fps.actions.applications.clarify import answer_clarification
from fps.actions.applications.submit_application import SubmitApplication, submit_application
from fps.actions.applications.withdraw_application import withdraw_application
from fps.model.applications import ORGANISATION, ApplicationState
from fps.queries import framework, lots_by_id
from fps.queries.applications import (
    clarifications_of,
    contract_of,
    decisions_of,
    draft_of,
    entry_names,
    own_application,
    submissions,
)
from fps.queries.rounds import joining_round
from fps.rules.application_tasks import all_tasks, sections_of
from fps.rules.wording import to_the_second
from fps.web.application_forms import AnswerForm, DeclareForm
from fps.web.application_words import shown_answers
from kernel.calendar import london_date
from kernel.errors import InvalidInputError, NotFoundError, TooLateError
from kernel.web import ground
from people.permissions import Permission
from people.queries import organisation, persons
from people.web.forms import PageForm
from people.web.guard import current_actor, requires

pages = Blueprint("own_sending", __name__)


@pages.route("/my-applications/<application_id>/send", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
def send(application_id: str) -> str | Reply | tuple[str, int]:
    """Check all that was entered and send it. The time of receipt is taken first of all (R16)."""
    received_at = ground().clock.now()
    form = DeclareForm()
    if not form.validate_on_submit():
        return _check_page(application_id, form), 422 if form.is_submitted() else 200
    command = SubmitApplication(application_id, bool(form.is_declared.data), received_at)
    try:
        with ground().work() as work:
            submit_application(work, current_actor(), command)
    except InvalidInputError as error:
        form.show(error)
        return _check_page(application_id, form), error.status
    except TooLateError as error:
        return _late_page(application_id, to_the_second(received_at)), error.status
    return redirect(url_for(".receipt", application_id=application_id), code=303)


def _check_page(application_id: str, form: DeclareForm) -> str:
    with ground().read() as session:
        card = own_application(session, current_actor(), application_id)
        draft = draft_of(session, card)
        joined = joining_round(session, card.round_id)
    subjects = [("Your organisation", ORGANISATION), *((entry.name, entry.id) for entry in draft.entries)]
    shown = [
        (
            name,
            [
                (section.title, shown_answers(section, draft.answers(subject, section.key), draft.lots))
                for section in sections_of(draft, subject)
            ],
        )
        for name, subject in subjects
    ]
    left = [task for task in all_tasks(draft, london_date(ground().clock.now())) if not task.is_done]
    return render_template("fps/applications/send.html", card=card, joined=joined, shown=shown, left=left, form=form)


def _late_page(application_id: str, received: str) -> str:
    with ground().read() as session:
        card = own_application(session, current_actor(), application_id)
        joined = joining_round(session, card.round_id)
    return render_template("fps/applications/late.html", card=card, joined=joined, received=received)


@pages.get("/my-applications/<application_id>/receipt")
@requires(Permission.SETTINGS_OWN)
def receipt(application_id: str) -> str:
    """Show the receipts of an application, each time that it was sent."""
    with ground().read() as session:
        card = own_application(session, current_actor(), application_id)
        sent = submissions(session, card.id)
        joined = joining_round(session, card.round_id)
        names = persons(session, {each.submitted_by for each in sent})
    if not sent:
        raise NotFoundError
    return render_template(
        "fps/applications/receipt.html",
        card=card,
        joined=joined,
        sent=sent[::-1],
        names={person_id: person.name for person_id, person in names.items()},
        to_the_second=to_the_second,
    )


@pages.route("/my-applications/<application_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
def withdraw(application_id: str) -> str | Reply:
    """Withdraw an application, after a second look."""
    with ground().read() as session:
        card = own_application(session, current_actor(), application_id)
    form = PageForm()
    if form.validate_on_submit():
        with ground().work() as work:
            withdraw_application(work, current_actor(), application_id)
        flash("The application is withdrawn.")
        return redirect(url_for("fps.own_applications.one", application_id=application_id), code=303)
    return render_template(
        "fps/applications/form.html",
        form=form,
        heading="Withdraw the application?",
        lead="Nobody evaluates it any more. Until the round closes you can take it up again.",
        card=card,
        button="Withdraw it",
        is_warning=True,
    )


@pages.route("/my-applications/<application_id>/questions/<clarification_id>", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
def question(application_id: str, clarification_id: str) -> str | Reply | tuple[str, int]:
    """Read a question of the councils about the application, and answer it."""
    form = AnswerForm()
    with ground().read() as session:
        card = own_application(session, current_actor(), application_id)
        asked = next((each for each in clarifications_of(session, card.id) if each.id == clarification_id), None)
    if asked is None:
        raise NotFoundError
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                answer_clarification(work, current_actor(), card.id, asked.id, str(form.answer.data))
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("Your answer is sent.")
            return redirect(url_for(".question", application_id=card.id, clarification_id=asked.id), code=303)
    can_answer = (
        asked.answer is None
        and card.state is ApplicationState.SUBMITTED
        and london_date(ground().clock.now()) <= asked.due_on
    )
    page = render_template("fps/applications/question.html", card=card, asked=asked, form=form, can_answer=can_answer)
    return page, 422 if form.is_submitted() else 200


@pages.get("/my-applications/<application_id>/letter")
@requires(Permission.SETTINGS_OWN)
def letter(application_id: str) -> str:
    """Show the decision letter, fit to be printed: each decision with its reasons, and what happens next."""
    with ground().read() as session:
        card = own_application(session, current_actor(), application_id)
        if card.told_at is None:
            raise NotFoundError
        joined = joining_round(session, card.round_id)
        decisions = decisions_of(session, card.id)
        return render_template(
            "fps/applications/letter.html",
            card=card,
            joined=joined,
            decisions=decisions,
            names={entry_id: name for entry_id, (name, _) in entry_names(session, [card.id]).items()},
            lots=lots_by_id(session, {each.lot_id for each in decisions}),
            framework=framework(session, joined.framework_id),
            provider=organisation(session, card.provider_id).name,
            lead=organisation(session, card.lead_id).name,
            contract=contract_of(session, card.id),
        )
