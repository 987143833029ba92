from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextInput
from werkzeug.wrappers import Response as Reply
from wtforms import DateField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from kernel.errors import ForbiddenError, InvalidInputError, NotFoundError
from kernel.web import ground
from people.actions.edit_organisation import (
    WriteOrganisation,
    add_organisation,
    edit_organisation,
    kinds_to_write,
    may_edit,
)
from people.model import OrganisationKind
from people.permissions import Permission, organisations_with
from people.queries import organisation
from people.queries.places import people_in, place_card, places
from people.web.forms import PageForm
from people.web.guard import current_actor, requires
from people.web.options import options
from people.web.paging import SIZE, Page, page_asked
from people.web.seeing import sight
from people.web.widgets import DayInput
from people.web.words import KINDS, ROLES

pages = Blueprint("places", __name__)


class PlaceForm(PageForm):
    """What an organisation is called."""

    name = StringField("Name", widget=GovTextInput(), validators=[InputRequired("Enter a name"), Length(max=200)])


class EditPlaceForm(PlaceForm):
    """And until when it was there."""

    ended_on = DateField(
        "Last day, if it has ended",
        format="%d %m %Y",
        description="Leave it empty while it goes on",
        invalid_value_message="Enter a real date, with day, month and year",
        widget=DayInput(),
        validators=[Optional()],
    )


class NewForumForm(PlaceForm):
    """And which council's it is."""

    council = RadioField(
        "Which council's forum is it?", widget=GovRadioInput(), validators=[InputRequired("Choose a council")]
    )


@pages.get("/organisations")
@requires(Permission.PEOPLE_READ)
def index() -> str:
    """Find an organisation."""
    kind, name = request.args.get("kind", ""), request.args.get("name", "")[:200]
    chosen = OrganisationKind(kind) if kind in set(OrganisationKind) else None
    number = page_asked()
    with ground().read() as session:
        found, total = places(session, sight(), kind=chosen, name=name, offset=(number - 1) * SIZE, limit=SIZE)
    return render_template(
        "people/places.html",
        found=found,
        page=Page(number, SIZE, total),
        kinds=[("", "Any"), *((each.value, words) for each, words in KINDS.items())],
        kind=chosen or "",
        name=name,
        words=KINDS,
        writes=kinds_to_write(current_actor()),
    )


@pages.get("/organisations/<organisation_id>")
@requires(Permission.PEOPLE_READ)
def one(organisation_id: str) -> str:
    """Show an organisation: what it is, who works there, what it belongs to and what it followed."""
    with ground().read() as session:
        place = place_card(session, sight(), organisation_id)
        people = people_in(session, sight(), place)
    council_id = place.council[0] if place.council else None
    return render_template(
        "people/place.html",
        place=place,
        people=people,
        kind=KINDS[place.kind],
        role_words=ROLES,
        may_edit=may_edit(current_actor(), place.kind, council_id),
    )


@pages.route("/organisations/<organisation_id>/edit", methods=["GET", "POST"])
@requires(Permission.PEOPLE_READ)
def edit(organisation_id: str) -> str | Reply | tuple[str, int]:
    """Change what an organisation is called, or note that it has ended."""
    with ground().read() as session:
        place = place_card(session, sight(), organisation_id)
    if not may_edit(current_actor(), place.kind, place.council[0] if place.council else None):
        raise NotFoundError
    form = EditPlaceForm(name=place.name, ended_on=place.ended_on)
    back = url_for(".one", organisation_id=organisation_id)
    if form.validate_on_submit():
        command = WriteOrganisation(place.kind, form.name.data, form.ended_on.data)
        try:
            with ground().work() as work:
                edit_organisation(work, current_actor(), organisation_id, command)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The changes are saved.")
            return redirect(back, code=303)
    page = render_template("people/write_place.html", form=form, heading="Edit " + place.name, back=back)
    return page, 422 if form.is_submitted() else 200


@pages.route("/organisations/providers/new", methods=["GET", "POST"])
@requires(Permission.PROVIDERS_MANAGE)
def new_provider() -> str | Reply | tuple[str, int]:
    """Register a provider."""
    form = PlaceForm()
    if form.validate_on_submit():
        added = _add(form, WriteOrganisation(OrganisationKind.PROVIDER, form.name.data))
        if added is not None:
            return added
    return _form_page(form, "Register a provider")


@pages.route("/organisations/forums/new", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def new_forum() -> str | Reply | tuple[str, int]:
    """Register the forum of one's council."""
    form = NewForumForm()
    with ground().read() as session:
        councils = [organisation(session, id_) for id_ in organisations_with(current_actor(), Permission.ADMINISTER)]
    form.council.choices = options((council.id, council.name) for council in councils)
    if not form.is_submitted() and len(councils) == 1:
        form.council.data = councils[0].id
    if form.validate_on_submit():
        command = WriteOrganisation(OrganisationKind.FORUM, form.name.data, council_id=form.council.data)
        added = _add(form, command)
        if added is not None:
            return added
    return _form_page(form, "Register a parent carer forum")


def _add(form: PlaceForm, command: WriteOrganisation) -> Reply | None:
    """Register it and go to its page; None where the form has something to say."""
    try:
        with ground().work() as work:
            organisation_id = add_organisation(work, current_actor(), command)
    except (InvalidInputError, ForbiddenError) as error:
        form.show_at(form.name, str(error))
        return None
    flash("Registered. Invite its people next.")
    return redirect(url_for(".one", organisation_id=organisation_id), code=303)


def _form_page(form: PlaceForm, heading: str) -> tuple[str, int]:
    page = render_template("people/write_place.html", form=form, heading=heading, back=url_for(".index"))
    return page, 422 if form.is_submitted() else 200
