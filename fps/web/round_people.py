"""The lead authority's pages of who wants to apply, and of the questionnaire."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Reply
from wtforms.fields.choices import SelectChoice

from fps.actions.rounds.ask_market import add_enquiry, remove_enquiry
from fps.actions.rounds.invite_contact import invite_contact
from fps.model.rounds import EnquiryKind, RoundCard, RoundState
from fps.queries.round_contacts import interested, one_interested
from fps.queries.round_enquiries import count_repliers, enquiries_of, replies
from fps.queries.rounds import led_round
from fps.rules.round_tables import as_csv
from fps.web.round_forms import EnquiryForm, InviteForm
from kernel.calendar import LONDON
from kernel.errors import ConflictError, ForbiddenError, InvalidInputError, TooManyError
from kernel.web import ground
from people.model import OrganisationKind
from people.permissions import Permission
from people.queries import organisations
from people.web.guard import current_actor, requires
from people.web.paging import SIZE, Page, page_asked

pages = Blueprint("round_people", __name__)
Shown = str | Reply | tuple[str, int]
_NEW = ""


@pages.get("/register/rounds/<round_id>/interest")
@requires(Permission.ROUNDS_RUN)
def index(round_id: str) -> str:
    """Show who wants to apply."""
    number = page_asked()
    with ground().read() as session:
        card = led_round(session, current_actor(), round_id)
        found, total = interested(session, round_id, offset=(number - 1) * SIZE, limit=SIZE)
    return render_template("fps/rounds/interest.html", round=card, found=found, page=Page(number, SIZE, total))


@pages.route("/register/rounds/<round_id>/interest/<contact_id>", methods=["GET", "POST"])
@requires(Permission.ROUNDS_RUN)
def invite(round_id: str, contact_id: str) -> Shown:
    """Invite somebody to an account, so that they can apply."""
    form = InviteForm()
    with ground().read() as session:
        card = led_round(session, current_actor(), round_id)
        who = one_interested(session, round_id, contact_id)
        there = organisations(session, OrganisationKind.PROVIDER)
    form.provider.choices = [
        SelectChoice(_NEW, "A new provider"),
        *(SelectChoice(place.id, place.name) for place in there),
    ]
    if not form.is_submitted():
        same = (place.id for place in there if place.name.casefold() == who.contact.organisation_name.casefold())
        form.provider.data, form.name.data = next(same, _NEW), who.contact.organisation_name
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                invite_contact(work, current_actor(), contact_id, form.provider.data or None, form.name.data or "")
        except InvalidInputError as error:
            form.show(error)
        except (ConflictError, ForbiddenError, TooManyError) as error:
            form.show_at(form.provider, str(error))
        else:
            flash("The invitation is on its way. They can start an application once they accept it.")
            return redirect(url_for(".index", round_id=round_id), code=303)
    page = render_template("fps/rounds/invite.html", form=form, round=card, who=who)
    return page, 422 if form.is_submitted() else 200


@pages.route("/register/rounds/<round_id>/questionnaire", methods=["GET", "POST"])
@requires(Permission.ROUNDS_RUN)
def questionnaire(round_id: str) -> Shown:
    """Show the questionnaire with what came back; add a question."""
    form = EnquiryForm()
    with ground().read() as session:
        card = led_round(session, current_actor(), round_id)
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                kind, lines = EnquiryKind(form.kind.data), (form.choices.data or "").splitlines()
                add_enquiry(work, current_actor(), round_id, form.text.data or "", kind, lines)
        except InvalidInputError as error:
            form.show(error)
        except ConflictError as error:
            form.show_at(form.text, str(error))
        else:
            flash("The question is added.")
            return redirect(url_for(".questionnaire", round_id=round_id), code=303)
    return _questionnaire(card, form), 422 if form.is_submitted() else 200


def _questionnaire(card: RoundCard, form: EnquiryForm) -> str:
    number = page_asked()
    with ground().read() as session:
        total = count_repliers(session, card.id)
        found = list(replies(session, card.id, offset=(number - 1) * SIZE, limit=SIZE))
        asked = enquiries_of(session, card.id)
    return render_template(
        "fps/rounds/questionnaire.html",
        round=card,
        form=form,
        enquiries=[(each, [reply for reply in found if reply.enquiry_id == each.id]) for each in asked],
        page=Page(number, SIZE, total),
        may_change=card.state_at(ground().clock.now()) in (RoundState.DRAFT, RoundState.PUBLISHED),
    )


@pages.post("/register/rounds/<round_id>/questionnaire/remove")
@requires(Permission.ROUNDS_RUN)
def remove(round_id: str) -> Reply:
    """Take a question out of the questionnaire."""
    with ground().work() as work:
        remove_enquiry(work, current_actor(), request.form.get("enquiry", ""))
    flash("The question is taken out.")
    return redirect(url_for(".questionnaire", round_id=round_id), code=303)


@pages.get("/register/rounds/<round_id>/questionnaire.csv")
@requires(Permission.ROUNDS_RUN)
def results(round_id: str) -> Response:
    """Hand out what providers answered, one row an answer."""
    with ground().read() as session:
        led_round(session, current_actor(), round_id)
        asked = {each.id: each for each in enquiries_of(session, round_id)}
        rows = [
            (
                str(asked[reply.enquiry_id].number),
                asked[reply.enquiry_id].text,
                reply.organisation_name,
                reply.words,
                f"{reply.at.astimezone(LONDON):%Y-%m-%d %H:%M}",
            )
            for reply in replies(session, round_id)
        ]
    text = as_csv([("Number", "Question", "Organisation", "Answer", "Answered at, London time"), *rows])
    headers = {"Content-Disposition": 'attachment; filename="questionnaire.csv"', "Cache-Control": "no-store"}
    return Response(text, mimetype="text/csv", headers=headers)
